#include "CBatonHTML.h"
#include <libxml/HTMLparser.h>
#include <libxml/tree.h>
#include <stddef.h>

static const xmlNode *inner(baton_html_node node) { return (const xmlNode *)node; }

baton_html_page baton_html_read(const char *bytes, int count, const char *charset) {
    int options = HTML_PARSE_RECOVER | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING | HTML_PARSE_NONET;
    return (baton_html_page)htmlReadMemory(bytes, count, NULL, charset, options);
}

void baton_html_free(baton_html_page page) { xmlFreeDoc((xmlDocPtr)page); }

baton_html_node baton_html_root(baton_html_page page) {
    return (baton_html_node)xmlDocGetRootElement((xmlDocPtr)page);
}

baton_html_node baton_html_child(baton_html_node node) {
    return inner(node)->type == XML_ELEMENT_NODE ? (baton_html_node)inner(node)->children : NULL;
}

baton_html_node baton_html_next(baton_html_node node) { return (baton_html_node)inner(node)->next; }

baton_html_node baton_html_parent(baton_html_node node) {
    const xmlNode *parent = inner(node)->parent;
    return parent != NULL && parent->type == XML_ELEMENT_NODE ? (baton_html_node)parent : NULL;
}

const char *baton_html_name(baton_html_node node) {
    return inner(node)->type == XML_ELEMENT_NODE ? (const char *)inner(node)->name : NULL;
}

const char *baton_html_text(baton_html_node node) {
    int is_text = inner(node)->type == XML_TEXT_NODE || inner(node)->type == XML_CDATA_SECTION_NODE;
    return is_text ? (const char *)inner(node)->content : NULL;
}

const char *baton_html_attribute(baton_html_node node, const char *name) {
    if (inner(node)->type != XML_ELEMENT_NODE) return NULL;
    for (const xmlAttr *attribute = inner(node)->properties; attribute != NULL; attribute = attribute->next) {
        if (xmlStrcasecmp(attribute->name, (const xmlChar *)name) != 0) continue;
        return attribute->children != NULL && attribute->children->content != NULL
            ? (const char *)attribute->children->content : "";
    }
    return NULL;
}
