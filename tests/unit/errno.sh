#!/bin/sh
# A list of programs cannot be left out of `make check`; one of scripts can.
exec "${builddir:?}/tests/unit/errno_test"
