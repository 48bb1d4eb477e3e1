module flightspec/tests/conform/errata

go 1.26
