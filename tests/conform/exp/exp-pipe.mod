module flightspec/tests/conform/exp

go 1.22

require golang.org/x/exp v0.0.0-20240103183307-be819d1f06fc
