import Autodiff

/// Parts of a sum as lines, the largest first, the many small ones added up.
enum AnswerText {
  /// Lines shown of a long sum.
  static let most = 10

  /// A number with its sign: parts are compared at a glance.
  static func amount(_ number: Double) -> String {
    let single = Float(number)
    guard !single.isNaN else { return "nan" }
    guard single != 0 else { return "0" }
    return single > 0 ? "+" + ValueText.number(single) : ValueText.number(single)
  }

  /// `  +0.25  example 3 (row 17, class 2)`.
  static func lines(_ parts: [(amount: Double, name: String)]) -> [String] {
    let (zeros, parts) = (parts.count { $0.amount == 0 }, parts.filter { $0.amount != 0 })
    let shown = parts.prefix(most).map { (amount($0.amount), $0.name) }
    let width = shown.map(\.0.count).max() ?? 0
    var lines = shown.map { number, name in
      "  " + number + String(repeating: " ", count: width - number.count) + "  " + name
    }
    let rest = parts.dropFirst(most)
    if !rest.isEmpty {
      let sum = rest.reduce(0) { $0 + $1.amount }
      lines.append("  \(amount(sum))  the other \(rest.count), added")
    }
    if zeros > 0 {
      let what =
        lines.isEmpty ? zeros == 1 ? "its one part" : "all \(zeros) parts" : "\(zeros) more"
      lines.append("  0  from \(what)")
    }
    return lines
  }

  /// A sum in Float64.
  static func sum(_ number: Double) -> String { number.isNaN ? "nan" : "\(number)" }

  /// `61 %` of all sizes.
  static func share(_ amount: Double, of size: Double) -> String {
    guard size > 0, amount.isFinite, size.isFinite else { return "0 %" }
    return percent(abs(amount) / size) + " %"
  }

  /// `99.9` of 0.9997: the nearest, but 100 only for all and 0 only for none.
  static func percent(_ share: Double) -> String {
    // Sums of parts that are all of it end a little beside it.
    let nearest = (1000 * share).rounded()
    let isPart = share > 1e-12 && share < 1 - 1e-12
    return "\((isPart ? min(999, max(1, nearest)) : nearest) / 10)"
  }

  /// `= 0.5 × −0.25 [dense/kernel.grad]` of a part of an opened number.
  static func part(_ part: OpenedNumber.Part) -> String {
    guard part.place != nil else { return part.name }
    let example = part.example.map { ", example \($0)" } ?? ""
    let time = part.time.map { ", time step \($0)" } ?? ""
    guard part.coefficient != 1 else { return part.name + example + time }
    return "\(ValueText.number(Float(part.coefficient))) × \(part.name)"
      + " = \(ValueText.number(Float(part.number)))" + example + time
  }
}

extension WeightAnswer.Cause {
  /// What a part of a change is called.
  package var words: String {
    switch self {
    case .example(let label): label.words
    case .penalty(let name): "the penalty \(name)"
    case .memory(let name): "what the optimizer remembers, \(name)"
    case .decay: "weight decay"
    case .constraint: "the constraint"
    case .average: "the running mean of the weight"
    case .own: "the weight's own size"
    case .constant(let name): "a constant, \(name)"
    case .set: "set by hand"
    case .skipped: "the update skipped by hand"
    case .rounding: "the last digits, lost in Float32"
    }
  }

  /// The same in one word, for programs.
  package var kind: String {
    switch self {
    case .example: "example"
    case .penalty: "penalty"
    case .memory: "memory"
    case .decay: "decay"
    case .constraint: "constraint"
    case .average: "average"
    case .own: "weight"
    case .constant: "constant"
    case .set: "set"
    case .skipped: "skipped"
    case .rounding: "rounding"
    }
  }
}

extension WeightAnswer {
  /// What happened to the weight, in a sentence or two.
  package var sentences: [String] {
    guard change.isFinite else {
      return ["\(name) is no number any more: 'origin nan' finds where that began."]
    }
    guard change != 0 || parts.contains(where: { $0.amount != 0 }) else {
      return ["\(name) did not change: nothing came to it in this step."]
    }
    guard let first = parts.first else { return [] }
    let sizes = parts.reduce(0) { $0 + abs($1.amount) }
    let way = change > 0 ? "grew" : change < 0 ? "fell" : "stayed as it is"
    var sentences = [
      "\(name) \(way); the largest part, \(AnswerText.share(first.amount, of: sizes)) of all,"
        + " is \(first.cause.words), which alone would have let it "
        + (first.amount > 0 ? "grow." : "fall.")
    ]
    if remembered != 0 {
      sentences.append(
        "The gradient of this step makes \(AnswerText.amount(newGradient)), what is remembered of"
          + " earlier ones \(AnswerText.amount(remembered)).")
    }
    return sentences
  }
}

extension UpstreamChain.End {
  /// Why the chain ends, in a sentence.
  package var sentence: String {
    switch self {
    case .loss(let label):
      "Here is the loss" + (label.map { " of \($0.words)" } ?? "")
        + ": gradients begin where it was derived."
    case .input(let name): "\(name) came with the data: here the chain ends."
    case .weight(let name):
      "\(name) is as the step before left it: 'why \(name)' asks why it changed."
    case .nothing(let name): "Nothing came to \(name): every part of it is 0."
    case .given(let name): "\(name) is made of no other number: here the chain ends."
    case .start(let name): "\(name) had not been written before: the run begins here."
    }
  }
}
