module flightspec/tests/bench/go-runtime

go 1.25
