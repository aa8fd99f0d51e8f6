// The tree of a page of HTML, as libxml2 reads it. Its own headers draw in others that collide with Foundation's.
#ifndef C_BATON_HTML_H
#define C_BATON_HTML_H

typedef struct baton_html_page *baton_html_page;
typedef const struct baton_html_node *baton_html_node;

/// Reads a page of any quality; null if nothing of it can be read. It is let go by `baton_html_free`.
baton_html_page baton_html_read(const char *bytes, int count, const char *charset);
void baton_html_free(baton_html_page page);

/// The first node of a page; null if it has none.
baton_html_node baton_html_root(baton_html_page page);
baton_html_node baton_html_child(baton_html_node node);
baton_html_node baton_html_next(baton_html_node node);
/// Null for the root.
baton_html_node baton_html_parent(baton_html_node node);

/// The name of an element; null for other nodes.
const char *baton_html_name(baton_html_node node);
/// The words of a text; null for other nodes.
const char *baton_html_text(baton_html_node node);
/// The value of an element's attribute, empty if it has none; null if it is not set.
const char *baton_html_attribute(baton_html_node node, const char *name);

#endif
