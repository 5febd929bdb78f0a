import FileFormats
import Tensors

/// Examples with their answers, and where they come from.
package struct Dataset: Hashable, Sendable {
  package typealias Failure = FileFailure

  /// What is asked of an example.
  package enum Task: Hashable, Sendable {
    /// Targets are class numbers, positions in `classes`.
    case classification(classes: [String])
    case regression

    package var classes: [String]? {
      guard case .classification(let classes) = self else { return nil }
      return classes
    }
  }

  /// Inputs with their targets, row by row: one array for most networks, several for those that take
  /// or give several.
  package struct Part: Hashable, Sendable {
    /// [examples, …example shape] for each input.
    package let allInputs: [Tensor]
    /// For each output [examples], or [examples, …] where an answer is several numbers: outputs, a
    /// class for each step of time, a mask.
    package let allTargets: [Tensor]
    /// [examples]: how much each example counts, for each of the targets; empty when all count the
    /// same.
    package let weights: [Tensor]

    package init(inputs: Tensor, targets: Tensor) {
      self.init(inputs: [inputs], targets: [targets])
    }

    package init(inputs: [Tensor], targets: [Tensor], weights: [Tensor] = []) {
      let counts = Set((inputs + targets + weights).map { $0.shape.extents.first ?? 0 })
      precondition(
        !inputs.isEmpty && !targets.isEmpty && counts.count == 1, "each example has a target")
      precondition(weights.isEmpty || weights.count == targets.count, "weights for each target")
      (allInputs, allTargets, self.weights) = (inputs, targets, weights)
    }

    package var count: Int { inputs.shape[0] }

    /// The first input.
    package var inputs: Tensor { allInputs[0] }
    /// The first target.
    package var targets: Tensor { allTargets[0] }

    /// Whether an example is more than one array and its answer.
    package var hasSeveral: Bool { allInputs.count > 1 || allTargets.count > 1 }

    /// The examples `indices`, in that order.
    package func rows(_ indices: [Int]) -> Part {
      Part(
        inputs: allInputs.map { $0.rows(indices) }, targets: allTargets.map { $0.rows(indices) },
        weights: weights.map { $0.rows(indices) })
    }

    /// The same with another first input, another first target.
    package func replacing(inputs: Tensor? = nil, targets: Tensor? = nil) -> Part {
      Part(
        inputs: [inputs ?? self.inputs] + allInputs.dropFirst(),
        targets: [targets ?? self.targets] + allTargets.dropFirst(), weights: weights)
    }
  }

  /// How a part for validation is taken when the data has none of its own.
  package enum SplitRule: Hashable, Sendable {
    /// Seeded, every class in proportion: for named data and CSV.
    case stratified
    /// The last rows, as Keras does: for arrays.
    case lastRows
  }

  package internal(set) var name: String
  package var title: String
  package var summary = ""
  /// Where the examples come from, as a sentence.
  package var origin: String
  package var license: String

  /// The names of the input columns; of a picture, of its pixels in row-major order.
  package var features: [String]
  package var targetName = "target"
  package let task: Task
  package internal(set) var training: Part
  package internal(set) var validation: Part?
  package internal(set) var test: Part?
  package var splitRule = SplitRule.stratified

  /// The numbers between which all inputs lie by nature, such as 0…16 for the pixels of `digits`.
  package var range: ClosedRange<Float>?

  /// The columns of the file that the examples were read from; empty for other data.
  package internal(set) var profile: [ColumnProfile] = []

  /// What was filled in, encoded or left out on the way from the file, as sentences.
  package internal(set) var notes: [String] = []

  /// The shape under which an example is a picture: [rows, columns, channels].
  package var imageShape: Shape?

  /// What the numbers of the inputs stand for, where they are tokens: number k is word k.
  package var vocabulary: [String]?

  package init(
    name: String, title: String? = nil, origin: String, license: String, features: [String],
    task: Task, training: Part, validation: Part? = nil, test: Part? = nil
  ) {
    self.name = name
    self.title = title ?? name
    self.origin = origin
    self.license = license
    self.features = features
    self.task = task
    self.training = training
    self.validation = validation
    self.test = test
  }

  package var inputs: Tensor { training.inputs }
  package var targets: Tensor { training.targets }
  package var count: Int { training.count }

  /// All its arrays, of every part.
  package var tensors: [Tensor] {
    [training, validation, test].compactMap(\.self).flatMap {
      $0.allInputs + $0.allTargets + $0.weights
    }
  }

  /// The shape of one input, without the axis of examples.
  package var exampleShape: Shape { Shape(Array(inputs.shape.extents.dropFirst())) }

  /// The numbers in the answer to one example.
  package var targetCount: Int { targets.count / max(1, count) }

  /// Whether every target is the number of a class, one or several an example.
  var targetsAreClasses: Bool {
    let classes = task.classes?.count ?? 0
    return targets.scalars.allSatisfy { $0.classNumber.map { $0 < classes } ?? false }
  }

  /// The class number of each training example; nil for regression, where a target is no class, and
  /// where an example has several.
  package var classNumbers: [Int]? {
    guard let classes = task.classes, targets.count == count else { return nil }
    let numbers = targets.scalars.compactMap(\.classNumber)
    return numbers.count == targets.count && numbers.allSatisfy { $0 < classes.count }
      ? numbers : nil
  }

  /// The training examples of each class, in the order of the classes; empty for regression.
  package var classCounts: [Int] {
    var counts = [Int](repeating: 0, count: task.classes?.count ?? 0)
    for number in classNumbers ?? [] { counts[number] += 1 }
    return counts
  }

  /// The same numbers with examples of another shape: `digits` as [64] or [8, 8, 1].
  /// - Throws: `Failure` when the shapes have different counts.
  package func shaped(as shape: Shape) throws(FileFailure) -> Dataset {
    guard shape.count == exampleShape.count else {
      throw Failure(
        at: "data set '\(name)'", found: "examples of shape \(exampleShape) for inputs of \(shape)",
        right: "the input of the model has \(exampleShape.count) numbers")
    }
    func shaped(_ part: Part) -> Part {
      part.replacing(inputs: part.inputs.reshaped(to: Shape([part.count] + shape.extents)))
    }
    var result = self
    result.training = shaped(training)
    result.validation = validation.map(shaped)
    result.test = test.map(shaped)
    return result
  }

  /// A number for the numbers, in hexadecimal: equal data has equal fingerprints.
  ///
  /// Examples of another shape are the same data.
  package var fingerprint: String {
    var hash = Fingerprint()
    for part in [training, validation, test] {
      hash.add(part?.count ?? 0)
      guard let part else { continue }
      for array in part.allInputs + part.allTargets + part.weights { hash.add(array.scalars) }
    }
    return hash.hexadecimal
  }
}
