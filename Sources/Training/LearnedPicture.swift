import Tensors

/// What a run has learned, small enough to stand beside those of others: what it says over the plane
/// of two inputs, or of the unseen examples.
package struct LearnedPicture: Hashable, Sendable {
  /// Of a network that takes points.
  package let plane: PlanePicture?
  /// [true class][class said] on the unseen examples.
  package let confusion: [[Int]]?
  /// Of data without classes.
  package let fit: Fitted
  /// The class it says of each unseen example, in the order of the rows, and how many are right.
  package let said: [Int]
  package let right: Int?
  /// What the examples are called.
  package let data: String

  package init(
    plane: PlanePicture?, confusion: [[Int]]?, fit: Fitted, said: [Int], right: Int?,
    data: String
  ) {
    (self.plane, self.confusion, self.fit) = (plane, confusion, fit)
    (self.said, self.right, self.data) = (said, right, data)
  }

  /// How many examples two runs answer differently; nil where they were asked of different ones.
  package func differences(from other: LearnedPicture) -> Int? {
    guard data == other.data, said.count == other.said.count, !said.isEmpty else { return nil }
    return zip(said, other.said).count { $0 != $1 }
  }
}

extension Session {
  /// With the weights at hand.
  package var learnedPicture: LearnedPicture {
    let pictures = PictureMaker().pictures(
      of: self, Interest(pictures: true, parts: [.plane, .judged]), isTraining: false)
    return LearnedPicture(
      plane: pictures.plane, confusion: pictures.confusion, fit: pictures.fit,
      said: pictures.judged.map(\.saidClass), right: pictures.right, data: settings.data.name)
  }
}
