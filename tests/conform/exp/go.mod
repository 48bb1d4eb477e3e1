// Only marks the folder as a module: each testee has its own, see build.
module flightspec/tests/conform/exp

go 1.22
