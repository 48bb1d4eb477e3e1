module flightspec/tests/conform/blackbox

go 1.25
