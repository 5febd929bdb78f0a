import Autodiff
import NeuralNets
import Tensors

/// A close look at one layer, or at what goes into the network and comes out.
package enum CloseUp: String, CaseIterable, Codable, Hashable, Sendable {
  /// A kernel or a pooling window that slides over one example.
  case kernel
  /// Which row looks where, head by head.
  case attention
  /// Gates and memory of a recurrent layer over time.
  case gates
  /// The rows of an embedding in two dimensions.
  case embedding
  /// What comes out beside what went in and what was wanted.
  case outputs
  /// One example through all layers, one at a time.
  case walk

  /// Whether it is of a layer, and not of the network as a whole.
  package var isOfLayer: Bool { self != .outputs && self != .walk }

  private static let poolings: Set<String> = [
    "MaxPooling1D", "MaxPooling2D", "AveragePooling1D", "AveragePooling2D",
  ]
  private static let attentions: Set<String> = [
    "MultiHeadAttention", "Attention", "AdditiveAttention",
  ]
  private static let recurrent: Set<String> = ["SimpleRNN", "LSTM", "GRU", "Bidirectional"]

  /// What can be seen of a layer of this kind, nil when there is nothing more to it.
  package static func ofLayer(kind: String) -> CloseUp? {
    if LayerCatalog.kernelLayer(named: kind) != nil || poolings.contains(kind) { return .kernel }
    if attentions.contains(kind) { return .attention }
    if recurrent.contains(kind) { return .gates }
    return kind == "Embedding" ? .embedding : nil
  }

  /// Why a network has no pictures of what comes out beside what goes in, nil when it has.
  package static func whyNoOutputs(_ network: Network) -> String? {
    let input = network.inputShape
    if network.outputShapes.contains(where: { OutputsCloseUp.fits($0, input) }) { return nil }
    return "\(input.tuple) goes in and \(network.outputShape.tuple) comes out: "
      + "pictures of both need as many places in both"
  }
}

/// What is looked at closely, and what is chosen of it; what lies outside is brought inside.
package struct CloseUpInterest: Hashable, Sendable {
  package var kind: CloseUp
  /// The layer's name; empty where the whole network is looked at.
  package var layer: String
  /// A map, a head, a direction.
  package var part = 0
  /// The chosen number: its row and column among those that come out of the part.
  package var row = 0
  package var column = 0
  /// Whether row and column are not chosen yet: of a map the place with the largest number is shown.
  package var seeksLargest = false
  /// Which channel of what goes in.
  package var channel = 0
  /// Which of the unseen (else the training) examples; of the batch where the step at hand is
  /// looked at.
  package var example = 0
  /// Whether the numbers are those of the step at hand, as far as it is done.
  package var isOfStep = false

  package init(_ kind: CloseUp, layer: String = "") {
    self.kind = kind
    self.layer = layer
  }
}

/// A close look as it is at one moment.
package enum CloseUpPicture: Hashable, Sendable {
  case kernel(KernelCloseUp)
  case attention(AttentionCloseUp)
  case gates(GatesCloseUp)
  case embedding(EmbeddingCloseUp)
  case outputs(OutputsCloseUp)
  /// With the chosen stage; behind the last one stands what comes out.
  case walk(ForwardWalk, stage: Int)
  /// Why there is none.
  case none(String)
}

/// Makes close looks, and keeps what the next one begins with.
final class CloseUpMaker {
  private var axes: (layer: String, axes: [[Double]])?

  func picture(of session: Session, _ interest: CloseUpInterest) -> CloseUpPicture {
    if interest.kind == .embedding { return embedding(of: session, interest) }
    let data = session.settings.data
    let examples = data.validation ?? data.training
    guard examples.count > 0 else { return .none("the run has no example to look at") }
    if interest.kind == .outputs {
      return OutputsCloseUp(of: session, examples, from: interest.example).map { .outputs($0) }
        ?? .none(CloseUp.whyNoOutputs(session.network) ?? "the network gives no pictures")
    }
    if interest.kind == .walk { return walk(of: session, examples, interest) }
    let place = min(max(0, interest.example), examples.count - 1)
    let run =
      interest.isOfStep
      ? session.execution : session.runInference(on: examples, rows: [place])
    let example =
      interest.isOfStep ? min(max(0, interest.example), run.plan.batchSize - 1) : 0
    let picture: CloseUpPicture? =
      switch interest.kind {
      case .kernel: KernelCloseUp(of: run, example: example, interest).map { .kernel($0) }
      case .attention: AttentionCloseUp(of: run, example: example, interest).map { .attention($0) }
      default: GatesCloseUp(of: run, example: example, interest).map { .gates($0) }
      }
    if let picture { return picture }
    return .none(
      interest.isOfStep
        ? "\(interest.layer) has no numbers in this step yet: . does the next line"
        : "the run has no such numbers of \(interest.layer): it is not in the network, or lies "
          + "within another layer")
  }

  private func walk(
    of session: Session, _ examples: Examples, _ interest: CloseUpInterest
  ) -> CloseUpPicture {
    let walk = ForwardWalk(
      session, session.settings.data.validation == nil ? .training : .unseen,
      row: min(max(0, interest.example), examples.count - 1))
    let last = walk.stages.count - (walk.outcome == nil ? 1 : 0)
    return .walk(walk, stage: min(max(0, interest.row), last))
  }

  private func embedding(of session: Session, _ interest: CloseUpInterest) -> CloseUpPicture {
    let name = interest.layer + "/embeddings"
    guard let table = session.plan.value(named: name), table.shape.rank == 2 else {
      return .none("\(interest.layer) has no table of rows")
    }
    let known = axes?.layer == interest.layer ? axes?.axes : nil
    let rows = session.execution.tensor(table)
    let found = PrincipalAxes(of: rows, startingFrom: known)
    axes = (interest.layer, found.axes)
    return .embedding(EmbeddingCloseUp(rows, found, interest))
  }
}
