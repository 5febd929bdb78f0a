import NeuralNets
import Tensors

/// What the loop of a program trained, as a list: one pass for each batch that one of its networks
/// learned from. The networks share weights, as those of a GAN do.
///
/// It is a record: everything in it was met in that order, so that the passes can be gone through
/// again, forwards and backwards, with the same numbers.
package struct PassRun: Sendable {
  /// A network as it was compiled and as its layers could be trained.
  package struct Network: Sendable {
    /// `discriminator`
    package let name: String
    /// Which of the program's models it is: a model whose layers are frozen in between is several
    /// networks.
    package let program: Int
    package let model: ModelDescription
    package let seed: UInt64
    /// For each of its weights the name under which all networks know it.
    package let sharedNames: [String: String]
    /// The name of what its optimizer remembers: networks that have it in common share that too.
    package let memory: String

    package init(
      name: String, program: Int, model: ModelDescription, seed: UInt64,
      sharedNames: [String: String], memory: String
    ) {
      (self.name, self.program, self.model, self.seed) = (name, program, model, seed)
      (self.sharedNames, self.memory) = (sharedNames, memory)
    }
  }

  /// One training of one network on one batch.
  package struct Pass: Sendable {
    package let network: Int
    package let batch: Examples
    /// How often its optimizer had updated before.
    package let updates: Int
    package let learningRate: Float
    /// Weights of the network to which the program gave other numbers since the pass before it; all of
    /// them where it is the first to have them.
    package let given: [String: Tensor]

    package init(
      network: Int, batch: Examples, updates: Int, learningRate: Float, given: [String: Tensor]
    ) {
      (self.network, self.batch, self.updates) = (network, batch, updates)
      (self.learningRate, self.given) = (learningRate, given)
    }
  }

  /// What makes the record again: the program, its seed, and the files that it read.
  package struct Source: Hashable, Sendable {
    package let text: String
    package let seed: UInt64
    package let files: [String: [UInt8]]

    package init(text: String, seed: UInt64, files: [String: [UInt8]]) {
      (self.text, self.seed, self.files) = (text, seed, files)
    }
  }

  /// The program's file.
  package let name: String
  /// Nil where only its passes are known.
  package var source: Source?
  package let networks: [Network]
  package let passes: [Pass]
  /// Why the record ends before the program does; nil where it is whole.
  package let shortness: String?
  /// The place among all passes of the first of each step.
  package let stepBegins: [Int]

  /// - Precondition: there is a pass, and each is of one of the networks.
  package init(
    name: String, networks: [Network], passes: [Pass], shortness: String? = nil
  ) {
    precondition(
      !passes.isEmpty && passes.allSatisfy { networks.indices.contains($0.network) },
      "a run has passes, each of one of its networks")
    (self.name, self.networks, self.passes) = (name, networks, passes)
    self.shortness = shortness
    stepBegins = Self.stepBegins(passes.map { networks[$0.network].program })
  }

  /// Where steps begin: with the model that was trained first, each time it has its turn again. Of a
  /// model that is alone every pass is a step.
  static func stepBegins(_ models: [Int]) -> [Int] {
    guard Set(models).count > 1 else { return Array(models.indices) }
    return models.indices.filter {
      $0 == 0 || models[$0] == models[0] && models[$0 - 1] != models[0]
    }
  }

  // MARK: Places

  /// The step of a pass, and its place in that step; after the last pass a step that has none.
  func place(of pass: Int) -> (step: Int, pass: Int) {
    guard pass < passes.count else { return (stepBegins.count, pass - passes.count) }
    var (low, high) = (0, stepBegins.count)
    while high - low > 1 {
      let middle = (low + high) / 2
      if stepBegins[middle] <= pass { low = middle } else { high = middle }
    }
    return (low, pass - stepBegins[low])
  }

  /// The place among all passes of one of a step; beyond the end that of the end.
  func number(step: Int, pass: Int) -> Int {
    guard step < stepBegins.count else { return passes.count }
    return min(stepBegins[step] + pass, passes.count)
  }

  /// How many passes a step has.
  package func passCount(ofStep step: Int) -> Int {
    guard stepBegins.indices.contains(step) else { return 0 }
    return number(step: step + 1, pass: 0) - stepBegins[step]
  }
}
