module flightspec/tests/conform/runtime

go 1.25
