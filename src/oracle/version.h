#ifndef FLIGHTSPEC_VERSION_H
#define FLIGHTSPEC_VERSION_H

/* version: of the program and of the library. Here alone: packaging/install.mk reads it for all that is installed. The
 * first number is that of the shared library's interface. */
#define FLIGHTSPEC_VERSION "0.1.0"

#endif
