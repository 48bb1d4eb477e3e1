module flightspec/tests/bench/go-exp-write

go 1.22

require (
	flightspec/tests/bench/feed v0.0.0
	golang.org/x/exp v0.0.0-20240222234643-814bf88cf225
)

replace flightspec/tests/bench/feed => ../feed
