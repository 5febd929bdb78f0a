import CMarkdown

/// A node of a Markdown document: the tree of libcmark-gfm as a value.
struct MarkdownNode {
  /// The library's word: `paragraph`, `code_block`, `emph`.
  let kind: String
  let literal: String
  /// The words after the fence of a code block.
  let info: String
  let url: String
  /// Counted from 1 in the text that was parsed.
  let line: Int
  let endLine: Int
  let level: Int
  /// The first number of an ordered list.
  let first: Int?
  let children: [MarkdownNode]
}

enum Markdown {
  /// Lists within lists within lists: no lesson needs more, and no text exhausts the stack.
  private static let deepest = 40

  private static let extensions: Void = cmark_gfm_core_extensions_ensure_registered()

  /// The document's nodes; nil when it is nested too deeply.
  static func parse(_ text: String) -> [MarkdownNode]? {
    _ = extensions
    guard let parser = cmark_parser_new(CMARK_OPT_DEFAULT) else { return nil }
    defer { cmark_parser_free(parser) }
    if let table = cmark_find_syntax_extension("table") {
      cmark_parser_attach_syntax_extension(parser, table)
    }
    cmark_parser_feed(parser, text, text.utf8.count)
    guard let document = cmark_parser_finish(parser) else { return nil }
    defer { cmark_node_free(document) }
    return children(of: document, depth: 0)
  }

  private static func children(of node: OpaquePointer, depth: Int) -> [MarkdownNode]? {
    guard depth < deepest else { return nil }
    var nodes: [MarkdownNode] = []
    var next = cmark_node_first_child(node)
    while let child = next {
      guard let inner = children(of: child, depth: depth + 1) else { return nil }
      nodes.append(self.node(child, inner))
      next = cmark_node_next(child)
    }
    return nodes
  }

  private static func node(_ node: OpaquePointer, _ children: [MarkdownNode]) -> MarkdownNode {
    let kind = words(cmark_node_get_type_string(node))
    let isOrdered = kind == "list" && cmark_node_get_list_type(node) == CMARK_ORDERED_LIST
    return MarkdownNode(
      kind: kind, literal: words(cmark_node_get_literal(node)),
      info: words(cmark_node_get_fence_info(node)), url: words(cmark_node_get_url(node)),
      line: Int(cmark_node_get_start_line(node)), endLine: Int(cmark_node_get_end_line(node)),
      level: Int(cmark_node_get_heading_level(node)),
      first: isOrdered ? Int(cmark_node_get_list_start(node)) : nil, children: children)
  }

  private static func words(_ text: UnsafePointer<CChar>?) -> String {
    text.map { String(cString: $0) } ?? ""
  }
}
