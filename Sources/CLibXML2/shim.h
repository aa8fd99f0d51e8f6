// The parser of HTML, and the tree that it makes.
#include <libxml/HTMLparser.h>
#include <libxml/tree.h>
