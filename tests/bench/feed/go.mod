module flightspec/tests/bench/feed

go 1.22
