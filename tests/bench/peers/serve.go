// A server of Go's standard library: a goroutine follows each log, and gives
// its lines to a goroutine for each client.
//
//	serve ADDRESS FOLDER
//
// /NAME is FOLDER/NAME.log from its last line on, /NAME?from=start all of it.
package main

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"syscall"
)

const (
	queued   = 256     // lines that a client may be behind
	lastMost = 1 << 17 // bytes in which the last line is looked for
)

type hub struct {
	mutex   sync.Mutex
	file    *os.File
	end     int64     // of the lines that clients have been given
	wake    chan bool // there is more
	clients map[chan []byte]bool
}

func frame(line []byte) []byte {
	return append(append([]byte("data: "), line...), '\n')
}

func (hub *hub) give(line []byte) {
	sent := frame(line)
	hub.mutex.Lock()
	defer hub.mutex.Unlock()
	hub.end += int64(len(line))
	for client := range hub.clients {
		select {
		case client <- sent:
		default: // too far behind
			delete(hub.clients, client)
			close(client)
		}
	}
}

func (hub *hub) follow() {
	var rest []byte
	reader := bufio.NewReader(hub.file)
	for {
		for {
			part, err := reader.ReadBytes('\n')
			rest = append(rest, part...)
			if err != nil {
				break
			}
			hub.give(rest)
			rest = rest[:0]
		}
		<-hub.wake
	}
}

// Wakes those whose logs grow.  One watches for all: a user has few of inotify.
func (server *server) watch() {
	events := make([]byte, 1<<16)
	for {
		size, err := syscall.Read(server.inotify, events)
		if err != nil {
			panic(err)
		}
		server.mutex.Lock()
		// A watch of a file has no name behind the event.
		for at := 0; at+syscall.SizeofInotifyEvent <= size; at +=
			syscall.SizeofInotifyEvent {
			hub := server.watched[int32(binary.LittleEndian.Uint32(events[at:]))]
			select {
			case hub.wake <- true:
			default:
			}
		}
		server.mutex.Unlock()
	}
}

// With the mutex.
func (server *server) open(path string) (*hub, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	end, err := file.Seek(0, io.SeekEnd)
	if err != nil {
		return nil, err
	}
	hub := &hub{file: file, end: end, wake: make(chan bool, 1),
		clients: make(map[chan []byte]bool)}
	watch, err := syscall.InotifyAddWatch(server.inotify, path,
		syscall.IN_MODIFY)
	if err != nil {
		return nil, err
	}
	server.watched[int32(watch)] = hub
	go hub.follow()
	return hub, nil
}

func (hub *hub) join() (chan []byte, int64) {
	client := make(chan []byte, queued)
	hub.mutex.Lock()
	defer hub.mutex.Unlock()
	hub.clients[client] = true
	return client, hub.end
}

func (hub *hub) leave(client chan []byte) {
	hub.mutex.Lock()
	defer hub.mutex.Unlock()
	delete(hub.clients, client)
}

// The lines before end: all, or the last one.
func (hub *hub) old(out io.Writer, end int64, all bool) error {
	if !all {
		from := max(0, end-lastMost)
		tail := make([]byte, end-from)
		if _, err := hub.file.ReadAt(tail, from); err != nil {
			return err
		}
		tail = bytes.TrimSuffix(tail, []byte("\n"))
		tail = tail[bytes.LastIndexByte(tail, '\n')+1:]
		_, err := out.Write(frame(append(tail, '\n')))
		return err
	}
	lines := bufio.NewReader(io.NewSectionReader(hub.file, 0, end))
	for {
		line, err := lines.ReadBytes('\n')
		if err != nil {
			return nil
		}
		if _, err = out.Write(frame(line)); err != nil {
			return err
		}
	}
}

func max(a, b int64) int64 {
	if a > b {
		return a
	}
	return b
}

type server struct {
	mutex   sync.Mutex
	folder  string
	hubs    map[string]*hub
	inotify int
	watched map[int32]*hub // by what inotify calls them
}

func (server *server) find(name string) (*hub, error) {
	server.mutex.Lock()
	defer server.mutex.Unlock()
	if hub := server.hubs[name]; hub != nil {
		return hub, nil
	}
	hub, err := server.open(filepath.Join(server.folder, filepath.Base(name)+".log"))
	if err == nil {
		server.hubs[name] = hub
	}
	return hub, err
}

func (server *server) ServeHTTP(out http.ResponseWriter, in *http.Request) {
	hub, err := server.find(in.URL.Path)
	if err != nil {
		http.NotFound(out, in)
		return
	}
	client, end := hub.join()
	defer hub.leave(client)
	out.Header().Set("Content-Type", "text/event-stream")
	out.Header().Set("Cache-Control", "no-cache")
	if hub.old(out, end, in.URL.RawQuery == "from=start") != nil {
		return
	}
	flusher := out.(http.Flusher)
	flusher.Flush()
	for {
		select {
		case <-in.Context().Done():
			return
		case sent, open := <-client:
			if !open {
				return
			}
			if _, err := out.Write(sent); err != nil {
				return
			}
			flusher.Flush()
		}
	}
}

func main() {
	inotify, err := syscall.InotifyInit1(syscall.IN_CLOEXEC)
	if err != nil {
		panic(err)
	}
	server := &server{folder: os.Args[2], hubs: make(map[string]*hub),
		inotify: inotify, watched: make(map[int32]*hub)}
	go server.watch()
	fmt.Fprintln(os.Stderr, http.ListenAndServe(os.Args[1], server))
}
