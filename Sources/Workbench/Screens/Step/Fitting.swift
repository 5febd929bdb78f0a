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

  static func text(_ options: [String], width: Int) -> String {
    first(options, width: width) ?? ""
  }

  static func first(_ options: [String], width: Int) -> String? {
    options.first { TextWidth.columns($0) <= width }
  }
}
