extension History {
  /// Turns for the worse over `span` epochs: each is told once, where its condition first holds, and
  /// again only after it did not hold.
  package struct Turns: Hashable, Sendable {
    /// How many epochs are compared.
    package static let span = 5

    package enum Kind: Hashable, Sendable {
      /// The largest of the last `span` + 1 epochs' losses is at most 1 % above their smallest.
      case plateau
      /// Within `span` epochs val_loss rose by at least 5 % while the loss fell by at least 5 %.
      case overfitting
    }

    package struct Turn: Hashable, Sendable {
      package let kind: Kind
      /// The last of the epochs compared, counted from 0.
      package let epoch: Int
      /// What the losses were `span` epochs before, and what they are.
      package let before: Epoch
      package let after: Epoch
    }

    package private(set) var all: [Turn] = []
    private var recent: [Epoch] = []
    private var holding: Set<Kind> = []

    mutating func add(_ epoch: Epoch, at number: Int) {
      recent = recent.suffix(Self.span) + [epoch]
      guard recent.count > Self.span, let before = recent.first else { return }
      for (kind, holds) in [
        (Kind.plateau, isLevel), (.overfitting, Self.isByHeart(before, epoch)),
      ] {
        if holds, holding.insert(kind).inserted {
          all.append(Turn(kind: kind, epoch: number, before: before, after: epoch))
        }
        if !holds { holding.remove(kind) }
      }
    }

    private var isLevel: Bool {
      let losses = recent.map(\.loss)
      guard let least = losses.min(), let most = losses.max(), least > 0 else { return false }
      return most <= 1.01 * least
    }

    private static func isByHeart(_ before: Epoch, _ after: Epoch) -> Bool {
      guard let was = before.validationLoss, let now = after.validationLoss else { return false }
      return now >= 1.05 * was && after.loss <= 0.95 * before.loss
    }

    /// Forgets what came after `count` epochs, of which these are kept.
    mutating func truncate(to epochs: [Epoch], count: Int) {
      let told = all.filter { $0.epoch < count }
      self = Turns()
      for (number, epoch) in epochs.enumerated() { add(epoch, at: number) }
      all = told
    }
  }
}
