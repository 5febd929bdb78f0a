import Autodiff
import NeuralNets

/// A fold as one types it: `lstm/t=5`, `lstm › t = 5 › gate f`, `attention/head 2`, `backward
/// lstm/t=5`. Blanks do not count, and a path may begin anywhere: `t=5` in a network of one recurrent
/// layer.
package struct FoldAddress: Hashable, Sendable {
  package let source: String
  /// The phase that it is sought in, nil for the one at hand.
  package let phase: Phase?
  /// Its path, each part as `typed` writes it; empty for a whole phase.
  private let key: String

  package init(_ text: String) {
    source = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    var words = text.split(whereSeparator: \.isWhitespace).map(String.init)
    // `backward lstm`, and `backward/lstm` too.
    let first = words.first.map { $0.split(separator: "/").first.map(String.init) ?? $0 }
    phase = first.flatMap { Phase(rawValue: $0.lowercased()) }
    if phase != nil, let first, let word = words.first {
      words[0] = String(word.dropFirst(first.count).drop { $0 == "/" })
    }
    key = Self.key(words.joined(separator: " "))
  }

  /// Whether a text that is no expression can be meant as a fold: it has parts, or a part that only
  /// folds have, and nothing that only expressions have.
  package static func isPlausible(_ text: String) -> Bool {
    guard !text.contains(where: { "()[]*<>!,;".contains($0) }), !text.contains("==") else {
      return false
    }
    let words = text.split(whereSeparator: \.isWhitespace)
    return text.contains("/") || text.contains("›")
      || words.contains { $0 == "head" || $0 == "gate" }
      || words.first.flatMap { Phase(rawValue: String($0)) } != nil
      || key(text).hasPrefix("t=")
  }

  /// One part of a path without blanks: `t = 5` is `t=5`, `head 2` stays as it is.
  static func typed(_ part: String) -> String {
    part.hasPrefix("t = ") ? part.filter { !$0.isWhitespace } : part
  }

  /// What paths are compared by: blanks, case and the word `gate` do not count; `t5` and `head_2`, as
  /// values are named, are `t=5` and `head 2`.
  private static func key(_ path: String) -> String {
    path.lowercased().split(whereSeparator: { $0 == "/" || $0 == "›" }).map { part in
      let words = part.split(whereSeparator: \.isWhitespace)
      let own = words.first == "gate" ? words.dropFirst().joined() : words.joined()
      if own.hasPrefix("t"), !own.dropFirst().isEmpty, own.dropFirst().allSatisfy(\.isNumber) {
        return "t=" + own.dropFirst()
      }
      return own.hasPrefix("head_") ? own.replacing("head_", with: "head") : own
    }.joined(separator: "/")
  }

  /// Every fold that it names, in the order of the plan.
  ///
  /// - Parameter scopes: of the place where one is: of several layers with such a part the one that
  ///   one is in is meant.
  /// - Throws: `DebuggerCommand.Failure` that names what is near, or those that may be meant.
  package func folds(
    in plan: Plan, near scopes: [String] = []
  ) throws(DebuggerCommand.Failure) -> [Fold] {
    let all = plan.folds
    let inPhase = all.filter { phase == nil || $0.phase == phase }
    if key.isEmpty {
      guard phase != nil else {
        throw DebuggerCommand.Failure("no fold is named", remedy: Self.examples(plan))
      }
      return inPhase.filter { $0.path.isEmpty }
    }
    let keyed = inPhase.filter { !$0.path.isEmpty }.map {
      (fold: $0, key: Self.key($0.path.joined(separator: "/")))
    }
    let exact = keyed.filter { $0.key == key }.map(\.fold)
    if !exact.isEmpty { return exact }
    let ending = keyed.filter { $0.key.hasSuffix("/" + key) }.map(\.fold)
    let paths = Set(ending.map { $0.path.map(Self.typed) })
    if paths.count > 1 {
      let close = ending.map { fold in zip(fold.path, scopes).prefix { $0 == $1 }.count }
      let most = close.max() ?? 0
      let closest = zip(ending, close).filter { $1 == most }.map(\.0)
      if most > 0, Set(closest.map(\.path)).count == 1 { return closest }
      var names: [String] = []
      for fold in ending where !names.contains(fold.address) { names.append(fold.address) }
      throw DebuggerCommand.Failure(
        "'\(source)' can be one of \(names.count) folds",
        remedy: names.prefix(4).joined(separator: ", ") + (names.count > 4 ? " …" : ""))
    }
    guard ending.isEmpty else { return ending }
    throw missing(in: plan, all)
  }

  private func missing(in plan: Plan, _ all: [Fold]) -> DebuggerCommand.Failure {
    let elsewhere = all.first {
      !$0.path.isEmpty && Self.key($0.path.joined(separator: "/")) == key
    }
    if let elsewhere, let phase {
      return DebuggerCommand.Failure(
        "\(phase.rawValue) has no '\(elsewhere.address)'",
        remedy: "\(elsewhere.phase.rawValue) \(elsewhere.address)")
    }
    let names = plan.foldAddresses
    let keys = names.map(Self.key)
    // Of a path that begins well, what goes on from there; else what is spelled alike.
    var parent = key.split(separator: "/").map(String.init)
    while parent.count > 1 {
      parent.removeLast()
      let outer = parent.joined(separator: "/")
      let inside = zip(keys, names).filter {
        $0.0.hasPrefix(outer + "/") && !$0.0.dropFirst(outer.count + 1).contains("/")
      }.map(\.1)
      if !inside.isEmpty {
        let near = NameSuggestion.near(source, among: inside)
        let named = near.isEmpty ? Self.ends(inside) : near.joined(separator: " or ")
        return DebuggerCommand.Failure("there is no fold '\(source)'", remedy: named)
      }
    }
    func letters(_ key: String) -> String {
      String((key.split(separator: "/").last ?? "").filter(\.isLetter))
    }
    let alike = zip(keys, names).filter { letters($0.0) == letters(key) }.map(\.1)
    if !alike.isEmpty, !key.contains("/") {
      return DebuggerCommand.Failure("there is no fold '\(source)'", remedy: Self.ends(alike))
    }
    let near = NameSuggestion.near(source, among: names)
    return DebuggerCommand.Failure(
      "there is no fold '\(source)'",
      remedy: near.isEmpty ? Self.examples(plan) : near.joined(separator: " or "))
  }

  private static func ends(_ names: [String]) -> String {
    names.count <= 5
      ? names.joined(separator: ", ")
      : names.prefix(2).joined(separator: ", ") + " … " + (names.last ?? "")
  }

  private static func examples(_ plan: Plan) -> String {
    let folds = plan.folds.filter { !$0.isInstruction && !$0.path.isEmpty }
    var names: [String] = []
    for fold in folds.sorted(by: { $0.path.count > $1.path.count })
    where !names.contains(fold.address) {
      names.append(fold.address)
    }
    return "one as " + names.prefix(3).joined(separator: ", ") + "; 'info folds' lists them"
  }
}
