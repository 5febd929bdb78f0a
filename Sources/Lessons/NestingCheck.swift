/// Nesting that no lesson needs is refused before it is read: reading it would take a stack.
enum NestingCheck {
  /// Brackets within brackets, or columns of indentation divided by two.
  static let deepest = 20

  /// - Parameter offset: lines of the file before the YAML.
  static func check(
    _ yaml: String, file: String, offset: Int
  ) throws(LessonFailure) {
    var (depth, line, column, indentation, isAtStart) = (0, 1, 1, 0, true)
    var quote: Character?
    for character in yaml {
      if character == "\n" {
        (line, column, indentation, isAtStart) = (line + 1, 1, 0, true)
        continue
      }
      if isAtStart, character == " " { indentation += 1 } else { isAtStart = false }
      switch character {
      case "\"", "'":
        if quote == character { quote = nil } else if quote == nil { quote = character }
      case "[" where quote == nil, "{" where quote == nil: depth += 1
      case "]" where quote == nil, "}" where quote == nil: depth = max(0, depth - 1)
      default: break
      }
      guard depth <= deepest, indentation <= 2 * deepest * 2 else {
        throw LessonFailure(
          file, offset + line, "lists within lists, too deep", right: "at most a few levels",
          column: column)
      }
      column += 1
    }
  }
}
