import Autodiff
import Tensors

/// Sentences about a fold, true of its numbers for the example under the lens.
struct FoldWords {
  let fold: Fold
  let session: Session
  let numbers: FoldNumbers
  let unit: Int

  private var plan: Plan { session.plan }
  private var instructions: ArraySlice<Instruction> { plan.instructions[fold.range] }
  private var isDone: Bool { session.execution.position >= fold.range.upperBound }

  /// At most three.
  var sentences: [String] {
    guard isDone else {
      return ["It is not done yet: 'goto \(Self.command(fold))' does it."]
    }
    if let recurrent { return recurrent }
    if let attention { return attention }
    return general
  }

  /// How a fold is named in a command, with its phase where it is not the first.
  static func command(_ fold: Fold) -> String {
    fold.phase == .forward || fold.path.isEmpty
      ? fold.address : "\(fold.phase.rawValue) \(fold.address)"
  }

  private func count(_ count: Int, _ noun: String) -> String {
    "\(count) \(noun)\(count == 1 ? "" : "s")"
  }

  /// A number to four digits, as sentences say it.
  private static func rounded(_ number: Float) -> String {
    guard number.isFinite, number != 0 else { return ValueText.number(number) }
    var unit = 1.0
    while abs(Double(number)) / unit >= 10_000 { unit *= 10 }
    while abs(Double(number)) / unit < 1_000, unit > 1e-40 { unit /= 10 }
    return ValueText.number(Float((Double(number) / unit).rounded() * unit))
  }

  private func share(_ number: Float) -> String? {
    guard (0...1).contains(number) else { return nil }
    return AnswerText.percent(Double(number)) + " %"
  }

  private func largest(of value: Value) -> String? {
    guard let all = numbers.numbers(of: value), all.count > 1,
      let place = all.indices.max(by: { abs(all[$0]) < abs(all[$1]) }), all[place] != 0,
      all.count(where: { abs($0) == abs(all[place]) }) == 1
    else { return nil }
    let index = CellExplainer.subscript(
      value.shape.index(ofOffset: numbers.offsets(in: value)[place]))
    return "The largest in size is \(plan[value].symbol)\(index) = \(Self.rounded(all[place]))."
  }

  // MARK: Time steps

  private var recurrent: [String]? {
    guard let last = fold.path.last, last.hasPrefix("t = "),
      let first = instructions.first, let place = RecurrentPlace(first, plan)
    else { return nil }
    let unit = unit % max(place.units, 1)
    func number(_ part: RecurrentMoment.Part) -> Float? {
      guard let value = place.value(part, at: place.time, plan),
        let all = numbers.numbers(of: value), all.indices.contains(unit)
      else { return nil }
      return all[unit]
    }
    if fold.phase == .backward { return back(place, unit, number) }
    let own = "Unit \(unit)"
    if let mask = plan.value(named: "\(place.layer)/t\(place.time)/mask"),
      numbers.numbers(of: mask)?.first == 0
    {
      return ["The mask leaves this time step of the example out: all stays as it was before."]
    }
    let start = plan.value(named: place.layer + "/c_start").flatMap { plan.origin(of: $0) }
    let isEmpty = place.time == 0 && start == nil
    if let keep = number(.f).flatMap(share), let take = number(.i).flatMap(share),
      let show = number(.o).flatMap(share), let g = number(.g), let c = number(.c)
    {
      let keeps = isEmpty ? "has no memory yet" : "keeps \(keep) of its memory"
      return [
        "\(own) \(keeps) and lets \(take) of its candidate \(Self.rounded(g)) in: the memory is "
          + "now \(Self.rounded(c)).",
        "It shows \(show) of what the memory gives.",
      ]
    }
    if let z = number(.z).flatMap(share), let r = number(.r).flatMap(share), let g = number(.g) {
      return [
        "\(own) keeps \(z) of what it put out before; the rest is its candidate "
          + "\(Self.rounded(g)).",
        "The reset gate let \(r) of what was put out before act on the candidate.",
      ]
    }
    guard let h = number(.h) else { return nil }
    return [
      "\(own) puts out \(Self.rounded(h)): made of what comes in at t = \(place.time) and of "
        + (place.time == 0 ? "the state it starts with." : "all outputs of the time step before.")
    ]
  }

  private func back(
    _ place: RecurrentPlace, _ unit: Int, _ number: (RecurrentMoment.Part) -> Float?
  ) -> [String]? {
    guard let own = number(.outputGradient) else { return nil }
    var sentences = [
      "Were h[\(place.time)] of unit \(unit) a little larger, the loss would change by "
        + "\(Self.rounded(own)) times that."
    ]
    sentences.append(
      place.time == 0
        ? "It is the first time step: nothing goes further back."
        : "What the sums of the gates get goes through U to h[\(place.time - 1)], one step back.")
    return sentences
  }

  // MARK: Heads

  private var attention: [String]? {
    guard let last = fold.path.last, last.hasPrefix("head "), fold.phase == .forward,
      let weights = instructions.flatMap(\.results).first(where: {
        if case .softmax = $0.rule { true } else { false }
      })?.value, weights.shape.rank == 3, let all = numbers.numbers(of: weights)
    else { return nil }
    let width = weights.shape.last
    let rows = all.count / max(width, 1)
    guard width > 1, rows > 0, all.count == rows * width else { return nil }
    func most(_ row: Int) -> Int {
      (0..<width).max { all[row * width + $0] < all[row * width + $1] } ?? 0
    }
    // Under a causal mask a row may have nothing but itself to look at.
    let free = (0..<rows).filter { row in
      (0..<width).count { all[row * width + $0] > 0 } > 1
    }
    let sure = (free.isEmpty ? Array(0..<rows) : free).max {
      all[$0 * width + most($0)] < all[$1 * width + most($1)]
    }
    guard let sure, let part = share(all[sure * width + most(sure)]) else { return nil }
    var sentences = [
      free.isEmpty
        ? "Every row looks at one row alone."
        : "Of \(count(free.count, "row")) that can look at several, row \(sure) is the surest: "
          + "\(part) of its weights lie on row \(most(sure))."
    ]
    if rows == width, !free.isEmpty {
      let own = (0..<rows).count { most($0) == $0 }
      sentences.append("\(own) of all \(rows) look most at themselves.")
    }
    return sentences
  }

  // MARK: Any fold

  private var general: [String] {
    let flow = FoldFlow(of: fold.range, in: plan)
    let lines = count(fold.range.count, "instruction")
    switch fold.phase {
    case .forward, .loss:
      let made = flow.gives.last { numbers.isByExample($0) } ?? flow.gives.last
      guard let made else { return ["It is \(lines), none of which gives numbers on."] }
      let taken = flow.takes.first { numbers.isByExample($0) }
      let amount = count(numbers.offsets(in: made).count, "number")
      var sentences = [
        taken.map {
          "In \(lines) it makes \(amount) of \(numbers.offsets(in: $0).count) for each example."
        } ?? "In \(lines) it makes \(amount)."
      ]
      if let all = numbers.numbers(of: made) {
        let zeros = all.count { $0 == 0 }
        if zeros > 0, all.count > 1 {
          sentences.append("\(zeros) of them \(zeros == 1 ? "is" : "are") 0.")
        }
      }
      return sentences + [largest(of: made)].compactMap { $0 }
    case .backward:
      let learned = flow.gives.filter { value in
        plan.parameters.contains { plan.gradients[$0] == value }
      }
      let passed = flow.gives.filter { !learned.contains($0) }
      func names(_ values: [Value]) -> String {
        let names = values.map { plan[$0].symbol }
        return names.prefix(4).joined(separator: ", ") + (names.count > 4 ? " …" : "")
      }
      var sentences: [String] = []
      if !learned.isEmpty { sentences.append("It gives the update \(names(learned)).") }
      if !passed.isEmpty {
        sentences.append("It hands \(names(passed)) on to what comes before it.")
      }
      if sentences.isEmpty { sentences.append("In \(lines) it hands nothing on.") }
      return sentences
    case .update:
      let learned = flow.gives.filter { plan[$0].role == .parameter }
      let amount = learned.reduce(0) { $0 + $1.shape.count }
      let names = learned.map { plan[$0].name }
      guard amount > 0 else { return ["In \(lines) it changes what is kept between steps."] }
      return [
        "It moves \(count(amount, "number")) of "
          + names.prefix(3).joined(separator: ", ") + (names.count > 3 ? " …" : "")
          + " against their gradients."
      ]
    }
  }
}
