/* Prints the area of size 2 for each shape that it is given, or why there is none. */
#include <stdio.h>

#include "shapes.h"

int main(int count, char **shapes) {
    for (int number = 1; number < count; number++) {
        double area;
        char message[200];
        if (shapes_area(shapes[number], 2, &area, message, sizeof message) == 0) {
            printf("%s: %.2f\n", shapes[number], area);
        } else {
            printf("%s\n", message);
        }
    }
    return 0;
}
