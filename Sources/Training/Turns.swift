extension History {
  /// Turns for the worse: each is told once, when its condition has held for `span` epochs.
  package struct Turns: Hashable, Sendable {
    /// How many epochs must say so.
    package static let span = 5

    package enum Kind: Hashable, Sendable {
      /// The largest of the last `span` + 1 epochs' losses is at most 1 % above their smallest; told
      /// again only after that did not hold.
      case plateau
      /// For `span` epochs val_loss was at least 5 % above its lowest while the loss was at least
      /// 5 % below what it was there; told again only after a lower val_loss.
      case overfitting
    }

    package struct Turn: Hashable, Sendable {
      package let kind: Kind
      /// The last of the epochs compared, counted from 0.
      package let epoch: Int
      /// What it is compared with (`span` epochs before, or the lowest val_loss), and what it is.
      package let before: Epoch
      package let after: Epoch
    }

    package private(set) var all: [Turn] = []
    private var recent: [Epoch] = []
    private var isLevel = false
    private var best: Epoch?
    /// For how many epochs it has learned by heart.
    private var byHeart = 0

    mutating func add(_ epoch: Epoch, at number: Int) {
      compareLosses(epoch, number)
      compareWithBest(epoch, number)
    }

    private mutating func compareLosses(_ epoch: Epoch, _ number: Int) {
      recent = recent.suffix(Self.span) + [epoch]
      guard recent.count > Self.span, let before = recent.first else { return }
      let losses = recent.map(\.loss)
      guard let least = losses.min(), let most = losses.max() else { return }
      let holds = least > 0 && most <= 1.01 * least
      if holds, !isLevel {
        all.append(Turn(kind: .plateau, epoch: number, before: before, after: epoch))
      }
      isLevel = holds
    }

    private mutating func compareWithBest(_ epoch: Epoch, _ number: Int) {
      guard let now = epoch.validationLoss, now.isFinite else { return }
      guard let best, let lowest = best.validationLoss, now >= lowest else {
        (self.best, byHeart) = (epoch, 0)
        return
      }
      byHeart = now >= 1.05 * lowest && epoch.loss <= 0.95 * best.loss ? byHeart + 1 : 0
      let isTold = all.last { $0.kind == .overfitting }?.before == best
      if byHeart == Self.span, !isTold {
        all.append(Turn(kind: .overfitting, epoch: number, before: best, after: epoch))
      }
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
