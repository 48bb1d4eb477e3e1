module flightspec/corpus/traces/make

go 1.22
