module flightspec/tests/bench/go-runtime

go 1.25

require flightspec/tests/bench/feed v0.0.0

replace flightspec/tests/bench/feed => ../feed
