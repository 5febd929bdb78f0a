import NeuralNets
import Tensors

// One example's way through the network, forward alone.

extension Debugger {
  /// How many units of a layer, and how many classes, are told.
  private static let most = 5
  private static let mostNumbers = 4096
  /// How many numbers of an input in a row are told one after the other.
  private static let mostInputs = 64

  func forward(_ row: Int, of rows: ForwardWalk.Rows?) throws -> DebuggerReply {
    let data = session.settings.data
    if rows == .unseen, data.validation == nil {
      throw DebuggerCommand.Failure(
        "the run holds no examples back: none is unseen",
        remedy: "forward \(row) of training, or a run with --validation-split 0.2")
    }
    let rows = rows ?? (data.validation == nil ? .training : .unseen)
    let examples = rows == .unseen ? data.validation ?? data.training : data.training
    guard row < examples.count else {
      throw DebuggerCommand.Failure(
        "example \(row) of \(examples.count) \(rows.rawValue) examples",
        remedy: "one from 0 to \(examples.count - 1)")
    }
    let walk = ForwardWalk(session, rows, row: row)
    var lines = [walk.headline]
    for stage in walk.stages { lines += Self.lines(stage) }
    if let outcome = walk.outcome { lines += outcome.lines }
    return DebuggerReply(lines, Self.fields(walk))
  }

  private static func lines(_ stage: ForwardWalk.Stage) -> [String] {
    let shapes = stage.inputShapes.map(\.tuple).joined(separator: ", ")
    let flow = (shapes.isEmpty ? "" : "\(shapes) → ") + stage.shape.tuple
    let head = stage.name + (stage.kind.isEmpty ? "" : "  \(stage.kind)") + "  \(flow)"
    if stage.kind.isEmpty, stage.shape.rank == 1, stage.output.count <= mostInputs {
      let numbers = stage.output.scalars.map { $0.description.replacing(/\.0$/, with: "") }
      return ["\(head)  \(stage.does)", "    " + numbers.joined(separator: ", ")]
    }
    let units = stage.strongest
    let shown = units.prefix(most).filter { $0.strongest != 0 }
    let rest = units.count - shown.count
    return ["\(head)  \(stage.does)"]
      + shown.map { "    " + text($0, stage) }
      + (rest > 0 && units.count > 1
        ? ["    the other \(rest) \(stage.unitWord)s are no larger\(zeros(stage))"] : [])
  }

  /// `; 38 % of all numbers are 0`.
  private static func zeros(_ stage: ForwardWalk.Stage) -> String {
    let share = Double(stage.facts.zeroShare)
    // All are only all.
    let percent = share == 1 ? 100 : min(99, Int((100 * share).rounded()))
    let sick = stage.facts.sickCount
    if sick > 0 { return "; \(sick) of \(stage.output.count) numbers are NaN or ∞" }
    return percent == 0 ? "" : "; \(percent) % of all numbers are 0"
  }

  private static func text(_ unit: ForwardWalk.Unit, _ stage: ForwardWalk.Stage) -> String {
    let number = ValueText.number(unit.strongest)
    guard !unit.place.isEmpty else { return "\(stage.unitWord) \(unit.number) = \(number)" }
    let place = unit.place.map(String.init).joined(separator: ",")
    return "channel \(unit.number): \(number) at [\(place)], mean \(ValueText.number(unit.mean))"
  }

  private static func fields(_ walk: ForwardWalk) -> [(String, DebuggerReply.Field)] {
    var fields: [(String, DebuggerReply.Field)] = [
      ("example", .integer(walk.row)), ("rows", .text(walk.rows.rawValue)),
      ("layers", .texts(walk.stages.map(\.name))),
      ("kinds", .texts(walk.stages.map(\.kind))),
      ("shapes", .texts(walk.stages.map(\.shape.tuple))),
      ("does", .texts(walk.stages.map(\.does))),
      ("strongest", .integers(walk.stages.map { $0.strongest.first?.number ?? 0 })),
      ("strongest_values", .numbers(walk.stages.map { $0.strongest.first?.strongest ?? 0 })),
    ]
    for stage in walk.stages where stage.output.count <= mostNumbers {
      fields.append(
        (stage.name + (stage.kind.isEmpty ? "" : "/output"), .numbers(stage.output.scalars)))
    }
    guard let outcome = walk.outcome else { return fields }
    fields += [
      ("place", .integers(outcome.place)), ("places", .integer(outcome.places)),
      ("wrong_places", .integer(outcome.wrongPlaces)),
      ("classes", .texts(outcome.classes)), ("scores", .numbers(outcome.scores)),
      ("outputs", .numbers(outcome.outputs)), ("wanted", .numbers(outcome.wanted)),
      ("said", .integer(outcome.said)),
    ]
    if let right = outcome.right { fields.append(("right", .integer(right))) }
    if let rival = outcome.rival { fields.append(("rival", .integer(rival))) }
    let top = outcome.terms.prefix(64)
    return fields + [
      ("difference", .double(outcome.difference)), ("total", .double(outcome.total)),
      ("size", .double(outcome.size)),
      ("terms", .texts(top.map(\.name))), ("amounts", .numbers(top.map { Float($0.amount) })),
    ]
  }
}

extension DebuggerCommand {
  /// `forward 17`, `forward 17 of training`.
  static func forward(_ words: [String]) throws -> DebuggerCommand {
    guard let first = words.first else {
      throw Failure("forward without an example", remedy: "as forward 17")
    }
    let row = try whole(first, "the example's row")
    let rest = words.dropFirst().drop { $0 == "of" }
    guard words.count > 1 else { return .forward(row, nil) }
    guard rest.count == 1, let rows = rest.first.flatMap(ForwardWalk.Rows.init(rawValue:)) else {
      throw Failure(
        "'\(words.dropFirst().joined(separator: " "))' after the example",
        remedy: "forward \(row), forward \(row) of unseen or forward \(row) of training")
    }
    return .forward(row, rows)
  }
}

extension ForwardWalk {
  /// `unseen example 17 is 8, the network says 3 with p = 0.62`.
  package var headline: String {
    guard let outcome, !outcome.classes.isEmpty else {
      return words + ", forward through the network"
    }
    guard outcome.isFinite else {
      return "\(words): what comes out is no number; 'origin nan' finds where that began"
    }
    let said = outcome.className(outcome.said)
    let p = ValueText.number(outcome.outputs[outcome.said])
    let right = outcome.right.map { " is \(outcome.className($0))," } ?? ":"
    guard outcome.places == 1 else {
      return "\(words): \(outcome.wrongPlaces) of \(outcome.places) places are wrong"
    }
    return "\(words)\(right) the network says \(said) with p = \(p)"
      + (outcome.isRight == true ? ", which is right" : "")
  }
}

extension ForwardOutcome {
  /// Every class with its score, then what speaks for the one that was said.
  var lines: [String] {
    guard !classes.isEmpty else { return numberLines }
    var lines: [String] = []
    let at =
      place.isEmpty ? "" : " at [\(place.map(String.init).joined(separator: ","))], the worst place"
    lines.append(
      isBinary
        ? "scores\(at): \(scoreName) is that of \(className(1)), \(className(0)) has 0"
        : "scores\(at), \(scoreName):")
    let order = outputs.indices.sorted { (outputs[$0], $1) > (outputs[$1], $0) }
    let shown = order.prefix(12)
    let rights = right.map { Set([$0]) } ?? []
    for number in order where shown.contains(number) || rights.contains(number) {
      let marks = [number == said && isFinite ? "said" : nil, number == right ? "right" : nil]
        .compactMap { $0 }.joined(separator: ", ")
      lines.append(
        "    \(className(number))  \(ValueText.number(scores[number]))  p \(ValueText.number(outputs[number]))"
          + (marks.isEmpty ? "" : "  \(marks)"))
    }
    if order.count > shown.count {
      lines.append("    and \(order.count - shown.count) less likely")
    }
    guard let rival else { return lines }
    lines.append(
      "+ speaks for \(className(said)), - for \(className(rival))\(rivalWords):")
    let other = ValueText.number(scores[rival])
    let scores =
      "\(ValueText.number(scores[said])) − \(scores[rival] < 0 ? "(\(other))" : other)"
    return lines + termLines
      + [
        "  sum of \(terms.count): \(AnswerText.sum(total)) in Float64; "
          + "\(scores) = \(AnswerText.sum(difference))"
      ]
  }

  private var rivalWords: String {
    right == nil
      ? ", the second" : isRight == true ? ", the second; it is right" : ", which is right"
  }

  private var numberLines: [String] {
    guard !outputs.isEmpty else { return [] }
    var lines = [
      "what comes out\(wanted.isEmpty ? "" : ", beside what is right")\(outputs.count > 1 && !wanted.isEmpty ? ", the farthest off first" : ""):"
    ]
    let order =
      wanted.isEmpty
      ? Array(outputs.indices)
      : outputs.indices.sorted {
        (abs(outputs[$0] - wanted[$0]), $1) > (abs(outputs[$1] - wanted[$1]), $0)
      }
    for number in order.prefix(8) {
      let beside =
        wanted.isEmpty
        ? ""
        : "  right \(ValueText.number(wanted[number])), off by \(AnswerText.amount(Double(outputs[number]) - Double(wanted[number])))"
      lines.append("    \(placeName(number)): \(ValueText.number(outputs[number]))\(beside)")
    }
    if order.count > 8 { lines.append("    and \(order.count - 8) more") }
    lines.append(
      "what \(placeName(said)) is made of, \(scoreName) = \(ValueText.number(scores[said])):")
    return lines + termLines
      + ["  sum of \(terms.count): \(AnswerText.sum(total)) in Float64"]
  }

  private var termLines: [String] {
    AnswerText.lines(
      terms.map { term in
        let number = term.number.map { " = \(ValueText.number($0))" } ?? " by itself"
        let weight = term.weight.map { ", times \(ValueText.number(Float($0)))" } ?? ""
        return (term.amount, term.name + number + weight + (term.origin.map { ", \($0)" } ?? ""))
      })
  }
}
