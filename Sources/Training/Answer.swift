import Datasets
import NeuralNets
import Tensors

/// An example that is not among the data, put to the network: a drawing, the place of a cursor.
package struct Question: Hashable, Sendable {
  /// In the units of the data, before they are brought to mean 0 and σ 1.
  package var input: [Float]
  /// Whether to find out what the answer depends on, and what was learned that is like it.
  package var explains: Bool

  package init(_ input: [Float], explains: Bool = false) {
    self.input = input
    self.explains = explains
  }
}

/// What the network says of a question, with the weights as they are now.
package struct Answer: Hashable, Sendable {
  /// The learned example nearest to the question.
  package struct Neighbor: Hashable, Sendable {
    /// In the units of the data.
    package let input: [Float]
    /// Its class, or its target as a number.
    package let label: String
    /// √(Σ (a - b)²) over the inputs as the network gets them.
    package let distance: Float
  }

  package let question: Question
  /// The numbers of the first output.
  package let output: [Float]
  /// The position of the largest; of a single number 1 when it is above 0.5, else 0.
  package let said: Int
  /// For each input by how much the number of `said` falls when that input is 0; empty when it was
  /// not asked for.
  package let influence: [Float]
  package let nearest: Neighbor?
  /// What each layer gives, an example of one: [1, …output shape].
  package let layers: [LayerPicture]

  // Beyond these it takes longer than one waits for a stroke.
  private static let mostInputs = 1024
  private static let mostCompared = 8_000_000

  /// - Throws: `RunFailure` when the network takes something else than the question has.
  init(to question: Question, of session: Session) throws(RunFailure) {
    try Self.check(question, session.network)
    let width = question.input.count
    let explains = question.explains && width <= Self.mostInputs
    var rows = question.input
    if explains {
      // One row for each input, in which that input is 0.
      for place in 0..<width {
        rows += question.input
        rows[(place + 1) * width + place] = 0
      }
    }
    let count = explains ? width + 1 : 1
    let raw = Tensor(shape: [count, width], scalars: rows)
    let inputs = session.settings.data.scaler?.apply(to: raw) ?? raw
    let outputs = session.predict(inputs)
    let outputWidth = outputs.count / count
    let numbers = Array(outputs.scalars.prefix(outputWidth))
    let said =
      outputWidth == 1
      ? ((numbers.first ?? 0) > 0.5 ? 1 : 0)
      : numbers.indices.max { numbers[$0] < numbers[$1] } ?? 0
    self.question = question
    output = numbers
    self.said = said
    let watched = outputWidth == 1 ? 0 : said
    influence =
      explains
      ? (0..<width).map {
        numbers[watched] - outputs.scalars[($0 + 1) * outputWidth + watched]
      } : []
    let asked = inputs.rows([0])
    nearest = explains ? Self.nearest(to: asked.scalars, session.settings.data) : nil
    layers =
      explains
      ? session.layerPictures(
        on: asked.reshaped(to: Shape([1] + session.network.inputShape.extents)), .activation)
      : []
  }

  private static func check(_ question: Question, _ network: Network) throws(RunFailure) {
    guard network.inputShapes.count == 1 else {
      throw RunFailure(
        "the network takes \(network.inputShapes.count) inputs at once",
        remedy: "a network with one input")
    }
    guard network.inputShape.count == question.input.count else {
      throw RunFailure(
        "the network takes \(network.inputShape.count) numbers, this has \(question.input.count)",
        remedy: "a run on data like this")
    }
    guard question.input.allSatisfy(\.isFinite), network.outputShapes[0].count > 0 else {
      throw RunFailure("a number that is not finite", remedy: "finite numbers")
    }
  }

  private static func nearest(to asked: [Float], _ data: TrainingData) -> Neighbor? {
    let width = asked.count
    let known = data.training.inputs.scalars
    guard data.training.count > 0, known.count <= mostCompared,
      known.count == data.training.count * width
    else { return nil }
    var best = (row: 0, square: Float.infinity)
    for row in 0..<data.training.count {
      var square: Float = 0
      for (place, number) in asked.enumerated() {
        let difference = known[row * width + place] - number
        square += difference * difference
      }
      if square < best.square { best = (row, square) }
    }
    guard best.square.isFinite else { return nil }
    let example = Tensor(
      shape: [1, width], scalars: Array(known[best.row * width..<(best.row + 1) * width]))
    return Neighbor(
      input: (data.scaler?.inverse(of: example) ?? example).scalars,
      label: label(ofRow: best.row, data), distance: best.square.squareRoot())
  }

  private static func label(ofRow row: Int, _ data: TrainingData) -> String {
    let targets = data.training.targets
    let width = targets.count / data.training.count
    guard width > 0 else { return "" }
    let target = targets.scalars[row * width..<(row + 1) * width]
    guard !data.classes.isEmpty else { return target.map { "\($0)" }.joined(separator: " ") }
    let number =
      width == 1
      ? target.first?.classNumber
      : target.indices.max { target[$0] < target[$1] }.map { $0 - target.startIndex }
    guard let number, data.classes.indices.contains(number) else { return "?" }
    return data.classes[number]
  }
}
