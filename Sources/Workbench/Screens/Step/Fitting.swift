import TerminalGraphics

/// Of several ways to say something the longest that has room: nothing is cut off.
enum Fitting {
  /// What stands at the right of a panel's title; nothing where there is no room for any.
  static func detail(_ options: [StyledText], beside title: String, in area: Rect) -> StyledText {
    options.first {
      TextWidth.columns(title) + $0.width + 11 <= area.width
    } ?? StyledText()
  }

  static func detail(_ options: [String], beside title: String, in area: Rect) -> StyledText {
    detail(options.map { .secondary($0) }, beside: title, in: area)
  }

  static func first(_ options: [StyledText], width: Int) -> StyledText? {
    options.first { $0.width <= width }
  }

  static func text(_ options: [String], width: Int) -> String {
    first(options, width: width) ?? ""
  }

  static func first(_ options: [String], width: Int) -> String? {
    options.first { TextWidth.columns($0) <= width }
  }
}

extension StyledText {
  /// What negative and positive numbers look like, as on this screen: in the colors of cells, with few
  /// colors no orange; without half blocks `− #: ▒█ +`.
  static func signs(_ ability: Ability) -> StyledText {
    guard ability.hasHalfBlocks else {
      return LayersPanel.swatches(.diverging(limit: 1), "−", "+", ability)
    }
    return StyledText("■", .diverging(-1)) + .secondary(" −  ") + StyledText("■", .diverging(1))
      + .secondary(" +")
  }
}
