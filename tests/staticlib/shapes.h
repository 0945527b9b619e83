#include <stddef.h>

/* Writes the area of a shape and returns 0. Where there is no such shape, it returns 1, and writes what is to be said of it:
   as much as there is room for, with a zero at its end. */
int shapes_area(const char *shape, double size, double *result, char *message, size_t capacity);
