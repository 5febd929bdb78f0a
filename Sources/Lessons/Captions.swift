import Training

extension Exercise {
  /// What a part of `wait` means, in words.
  package struct Caption: Hashable, Sendable {
    package let words: [InlineRun]
    /// Whether it only says that this part goes with the one before.
    package let isJoined: Bool

    /// What stands in a list of captions for a part that goes with the one before.
    static let joined = "+"
  }

  /// One of the things that an exercise waits for.
  package struct Condition: Hashable, Sendable {
    /// The parts of `wait` that have to hold for it.
    package let parts: [AwaitedPart]
    /// Nil where the part has to speak for itself.
    package let words: [InlineRun]?
  }

  /// The parts of `wait` that `and` joins; none where it cannot be read.
  package var awaited: [AwaitedPart] { (try? RunExpression(isDone))?.awaited ?? [] }

  /// What it waits for, in the order of `wait`.
  package var conditions: [Condition] {
    var conditions: [Condition] = []
    for (place, part) in awaited.enumerated() {
      let caption = captions.indices.contains(place) ? captions[place] : nil
      if caption?.isJoined ?? false, let last = conditions.popLast() {
        conditions.append(Condition(parts: last.parts + [part], words: last.words))
      } else {
        conditions.append(Condition(parts: [part], words: caption?.words))
      }
    }
    return conditions
  }
}

extension DirectiveReader {
  /// One caption for each part of `wait`; `+` joins a part to the one before.
  func captions(_ fields: Fields) throws(LessonFailure) -> [Exercise.Caption] {
    let texts = try fields.texts("captions")
    var captions: [Exercise.Caption] = []
    for text in texts {
      let isJoined = text == Exercise.Caption.joined
      guard !isJoined || !captions.isEmpty else {
        throw fields.failure(
          "captions", "the first caption is +", right: "words for the first part of wait")
      }
      captions.append(
        Exercise.Caption(
          words: isJoined ? [] : try runs(text, fields.line("captions")), isJoined: isJoined))
    }
    return captions
  }
}
