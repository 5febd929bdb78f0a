import Autodiff

/// A command about breakpoints, in gdb's words.
package enum BreakpointCommand: Hashable, Sendable {
  case add(BreakpointRequest)
  case delete(Int?)
  case enable(Int?)
  case disable(Int?)
  case ignore(Int, Int)
  /// Without an expression it always stops.
  case condition(Int, RunExpression?)
  /// Where in the recorded run something first held, or last.
  case when(BreakpointRequest, isLast: Bool)
  /// The same, and goes there.
  case goTo(BreakpointRequest, isLast: Bool)

  typealias Failure = DebuggerCommand.Failure

  static let guide: [(form: String, does: String)] = [
    ("break PLACE", "stop where it begins: backward dense_1, lstm/t=5, update; … if COND"),
    ("break if COND", "stop at each step where it holds: loss > 1 and epoch > 2"),
    ("break SICKNESS", Sickness.names.joined(separator: ", ")),
    ("tbreak …", "as break, for one stop"),
    ("watch EXPR", "stop when a value changes; … crosses V, … grows [BY]"),
    ("info breakpoints", "their numbers, hits and where they stopped last"),
    ("delete [N]", "a breakpoint, or all; also enable, disable [N]"),
    ("ignore N COUNT", "pass over a breakpoint so often"),
    ("condition N COND", "stop only where this holds; without one always"),
    ("when COND", "where in the recorded run it first held; when last COND"),
    ("goto when COND", "goes there: goto when dead-relu is where it all began"),
  ]

  static let words = [
    "break", "tbreak", "watch", "delete", "enable", "disable", "ignore", "condition", "when",
  ]

  /// Reads a command from its first word and the rest; nil where the word is another's.
  init?(_ first: String, _ argument: String) throws {
    switch first {
    case "break": self = .add(try Self.request(argument, isTemporary: false))
    case "tbreak": self = .add(try Self.request(argument, isTemporary: true))
    case "watch": self = .add(try Self.watch(argument))
    case "delete": self = .delete(try Self.number(argument, after: "delete"))
    case "enable": self = .enable(try Self.number(argument, after: "enable"))
    case "disable": self = .disable(try Self.number(argument, after: "disable"))
    case "ignore": self = try Self.ignoring(argument)
    case "condition": self = try Self.conditioning(argument)
    case "when": self = try Self.asking(argument)
    default: return nil
    }
  }

  // MARK: What stops

  private static func request(
    _ text: String, isTemporary: Bool
  ) throws -> BreakpointRequest {
    let word = isTemporary ? "tbreak" : "break"
    let words = text.split(separator: " ").map(String.init)
    guard let first = words.first else {
      throw Failure(
        "\(word) without a place",
        remedy: "\(word) backward dense, \(word) if loss > 1, or \(word) nan")
    }
    let said = "\(word) \(text)"
    if first == "sign" {
      let rest = words.dropFirst().joined(separator: " ")
      return BreakpointRequest(
        trigger: .watch(try RunExpression(rest), .crosses(0)), isTemporary: isTemporary, words: said
      )
    }
    if let sickness = try Sickness(words) {
      return BreakpointRequest(
        trigger: .sickness(sickness), isTemporary: isTemporary, words: said)
    }
    return BreakpointRequest(
      trigger: try place(words, word), isTemporary: isTemporary, words: said)
  }

  /// A place, a condition, or both.
  private static func place(_ words: [String], _ word: String) throws -> Breakpoint.Trigger {
    guard let middle = words.firstIndex(of: "if") else {
      return .place(try place(words.joined(separator: " "), word), nil)
    }
    let text = words[(middle + 1)...].joined(separator: " ")
    guard !text.isEmpty else {
      throw Failure("nothing after 'if'", remedy: "a condition, as \(word) if loss > 1")
    }
    let condition = try RunExpression(text)
    guard middle > 0 else { return .condition(condition) }
    return .place(try place(words[..<middle].joined(separator: " "), word), condition)
  }

  private static func place(_ text: String, _ word: String) throws -> BreakPlace {
    let words = text.split(separator: " ").map(String.init)
    if words.first == "instruction" {
      guard words.count == 2, let number = Int(words[1]), number > 0 else {
        throw Failure("\(word) \(text)", remedy: "\(word) instruction 12, counted from 1")
      }
      return .instruction(number)
    }
    if text.contains(where: { "<>≤≥!()[]".contains($0) }) || text.contains("==") {
      throw Failure("'\(text)' is no place", remedy: "\(word) if \(text)")
    }
    return .fold(FoldAddress(text))
  }

  private static func watch(_ text: String) throws -> BreakpointRequest {
    let words = text.split(separator: " ").map(String.init)
    guard !words.isEmpty else {
      throw Failure("nothing to watch", remedy: "a value, as watch dense/kernel[2,1]")
    }
    let rule: Breakpoint.WatchRule
    var value = words[...]
    if let place = words.lastIndex(of: "crosses") {
      guard place == words.count - 2, let limit = Double(words[place + 1]), limit.isFinite else {
        throw Failure("watch \(text)", remedy: "a number after 'crosses', as loss crosses 0.5")
      }
      (rule, value) = (.crosses(limit), words[..<place])
    } else if let place = words.lastIndex(of: "grows") {
      let by = words.count > place + 1 ? Double(words[place + 1]) : 0
      guard place >= words.count - 2, let by, by.isFinite, by >= 0 else {
        throw Failure("watch \(text)", remedy: "'grows', or 'grows BY' with a number from 0")
      }
      (rule, value) = (.grows(by), words[..<place])
    } else {
      rule = .changes
    }
    return BreakpointRequest(
      trigger: .watch(try RunExpression(value.joined(separator: " ")), rule), isTemporary: false,
      words: "watch \(text)")
  }

  /// `goto when nan`, `goto when last loss > 1`.
  static func going(_ text: String) throws -> BreakpointCommand {
    guard case .when(let request, let isLast) = try asking(text) else {
      throw Failure("goto when \(text)", remedy: "goto when nan")
    }
    return .goTo(request, isLast: isLast)
  }

  private static func asking(_ text: String) throws -> BreakpointCommand {
    let words = text.split(separator: " ").map(String.init)
    let isLast = words.first == "last"
    let rest = words.dropFirst(isLast || words.first == "first" ? 1 : 0)
    let what = rest.joined(separator: " ")
    guard let first = rest.first else {
      throw Failure("when without a condition", remedy: "when loss < 0.1")
    }
    if Sickness.begins(with: first) {
      let request = try request(what, isTemporary: false)
      return .when(request, isLast: isLast)
    }
    let condition = try RunExpression(rest.drop { $0 == "if" }.joined(separator: " "))
    return .when(
      BreakpointRequest(trigger: .condition(condition), isTemporary: false, words: what),
      isLast: isLast)
  }

  // MARK: Which one

  private static func number(_ text: String, after word: String) throws -> Int? {
    guard !text.isEmpty else { return nil }
    guard let number = Int(text), number > 0 else {
      throw Failure("\(word) '\(text)'", remedy: "a number that 'info breakpoints' lists, or none")
    }
    return number
  }

  private static func ignoring(_ text: String) throws -> BreakpointCommand {
    let numbers = text.split(separator: " ").map { Int($0) }
    guard numbers.count == 2, let number = numbers[0], let count = numbers[1], number > 0,
      (0...1_000_000_000).contains(count)
    else { throw Failure("ignore '\(text)'", remedy: "ignore 2 10: a number, and how often") }
    return .ignore(number, count)
  }

  private static func conditioning(_ text: String) throws -> BreakpointCommand {
    let words = text.split(separator: " ", maxSplits: 1).map(String.init)
    guard let number = words.first.flatMap({ Int($0) }), number > 0 else {
      throw Failure("condition '\(text)'", remedy: "condition 2 loss > 1")
    }
    return .condition(number, try words.dropFirst().first.map { try RunExpression($0) })
  }
}
