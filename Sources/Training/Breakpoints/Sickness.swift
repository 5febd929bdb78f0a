/// What goes wrong in training, in the words of those who learn it. Each stops when it sets in.
package enum Sickness: Hashable, Sendable {
  /// A number that is NaN or infinite, in any value of the step or any weight after it.
  case nan
  /// A unit whose relu gives 0 for the whole batch and, with the weights after the step, for every
  /// training example; of one unit, of one layer or of all.
  case deadReLU(layer: String?, unit: Int? = nil)
  /// A unit at an end of its activation for 95 % of the batch: see `UnitHealth.State.saturated`.
  case saturation(layer: String?)
  /// The gradient of one layer's weights is smaller than that of another's by this factor, root mean
  /// squares compared; or all gradients are 0.
  ///
  /// (X. Glorot, Y. Bengio, "Understanding the difficulty of training deep feedforward neural
  /// networks", 2010, compares gradients of layers so.)
  case vanishing(Double)
  /// The gradient of all weights together is longer than this, or no number.
  ///
  /// (R. Pascanu, T. Mikolov, Y. Bengio, "On the difficulty of training recurrent neural networks",
  /// 2013, clip at such a norm.)
  case exploding(Double)
  /// ‖Δw‖ / ‖w‖ of all learned weights outside a band.
  ///
  /// About 1e-3 is usual (A. Karpathy, CS231n, "Ratio of weights:updates"); ten times more or less is
  /// outside where nothing else is said.
  case ratio(low: Double, high: Double)
  /// The loss of the batch rose so many times in a row.
  case lossUp(Int)
  /// The losses of five epochs are level: see `History.Turns.Kind.plateau`.
  case plateau
  /// Five epochs that learn by heart: see `History.Turns.Kind.overfitting`.
  case overfit
  /// The class that is predicted for a training example is another than after the step before.
  case flips(row: Int)

  /// The words that begin one, with their forms and what they do.
  static let guide: [(form: String, does: String)] = [
    ("nan", "a number is NaN or infinite: where it was first"),
    ("dead-relu [LAYER]", "a relu gives 0 for every training example; dense[1]: that unit's"),
    ("saturation [LAYER]", "a tanh or sigmoid is at an end for 95 % of the batch"),
    ("vanishing [F]", "the gradient of one layer is F times that of another, 1e-4"),
    ("exploding [F]", "the gradient is longer than F, 100"),
    ("ratio [LO HI]", "update / weight is outside a band, 1e-4 to 1e-2"),
    ("loss-up [K]", "the loss rises K times in a row, 5"),
    ("plateau", "the loss is level for five epochs"),
    ("overfit", "five epochs learn by heart"),
    ("flips ROW", "the prediction of a training example changes class"),
    ("sign WEIGHT[I,J]", "a weight crosses zero"),
  ]

  package static var names: [String] {
    guide.map { $0.form.split(separator: " ").first.map(String.init) ?? $0.form }
  }

  /// Reads one from its words, without `break`; nil where the first word is none's.
  /// - Throws: `DebuggerCommand.Failure` for words behind it that do not fit.
  init?(_ words: [String]) throws {
    let rest = Array(words.dropFirst())
    func limit(_ standard: Double) throws -> Double {
      guard let text = rest.first else { return standard }
      guard rest.count == 1, let number = Double(text), number.isFinite, number > 0 else {
        throw Self.failure(words)
      }
      return number
    }
    func count(_ standard: Int?, from least: Int) throws -> Int {
      let text = rest.first ?? standard.map { String($0) }
      guard rest.count <= 1, let number = text.flatMap({ Int($0) }),
        (least...1_000_000_000).contains(number)
      else { throw Self.failure(words) }
      return number
    }
    func alone() throws {
      guard rest.isEmpty else { throw Self.failure(words) }
    }
    func layer() throws -> String? {
      guard rest.count <= 1 else { throw Self.failure(words) }
      return rest.first
    }
    switch words.first {
    case "nan":
      try alone()
      self = .nan
    case "dead-relu", "dead":
      guard let (name, unit) = Self.unit(try layer()) else { throw Self.failure(words) }
      self = .deadReLU(layer: name, unit: unit)
    case "saturation": self = .saturation(layer: try layer())
    case "vanishing":
      let factor = try limit(1e-4)
      guard factor < 1 else { throw Self.failure(words) }
      self = .vanishing(factor)
    case "exploding": self = .exploding(try limit(100))
    case "ratio":
      let numbers = rest.compactMap { Double($0) }
      guard rest.isEmpty || (rest.count == 2 && numbers.count == 2) else {
        throw Self.failure(words)
      }
      let (low, high) = rest.isEmpty ? (1e-4, 1e-2) : (numbers[0], numbers[1])
      guard low >= 0, low < high, high.isFinite else { throw Self.failure(words) }
      self = .ratio(low: low, high: high)
    case "loss-up": self = .lossUp(try count(5, from: 1))
    case "plateau":
      try alone()
      self = .plateau
    case "overfit":
      try alone()
      self = .overfit
    case "flips": self = .flips(row: try count(nil, from: 0))
    default: return nil
    }
  }

  /// Whether a word begins one: the most usual is also called by its first word.
  package static func begins(with word: some StringProtocol) -> Bool {
    word == "dead" || names.contains(String(word))
  }

  /// `dense`, `dense[1]`: a layer, and which of its units.
  private static func unit(_ text: String?) -> (layer: String?, unit: Int?)? {
    guard let text, let open = text.firstIndex(of: "[") else { return (text, nil) }
    let inside = text[open...].dropFirst().dropLast()
    guard text.hasSuffix("]"), let unit = Int(inside), unit >= 0, open > text.startIndex else {
      return nil
    }
    return (String(text[..<open]), unit)
  }

  private static func failure(_ words: [String]) -> DebuggerCommand.Failure {
    let first = words.first ?? ""
    let known = guide.first { $0.form.hasPrefix(first) }
    return DebuggerCommand.Failure(
      "break '\(words.joined(separator: " "))'",
      remedy: known.map { "break \($0.form): \($0.does)" } ?? "break nan")
  }
}
