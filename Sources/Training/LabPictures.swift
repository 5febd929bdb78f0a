import Autodiff
import Datasets
import Foundation
import NeuralNets
import Tensors

/// One unseen example and what the network says of it.
package struct JudgedExample: Hashable, Sendable {
  /// Its row among the unseen (else the training) examples.
  package let row: Int
  package let isClass: Int
  package let saidClass: Int
  /// The probability it gave to what it said; NaN where what came out is none.
  package let probability: Float
  /// -log of the probability it gave to the truth.
  package let loss: Float

  package var isRight: Bool { isClass == saidClass }
}

/// What is said of unseen examples with numbers to be predicted.
package struct Fitted: Hashable, Sendable {
  /// One of an example's outputs.
  package struct Dot: Hashable, Sendable {
    /// The first input of the example.
    package let input: Float
    package let target: Float
    package let said: Float
  }

  /// All outputs of the examples, or some of them spread evenly where there are many.
  package var dots: [Dot] = []
  /// How many outputs of how many examples it is of.
  package var examples = 0
  package var outputs = 0
  /// The mean of |said - true| over all of them.
  package var error: Float = 0

  package var count: Int { examples * outputs }

  /// Of no examples.
  package init() {}

  init(dots: [Dot], examples: Int, outputs: Int, error: Float) {
    (self.dots, self.examples, self.outputs, self.error) = (dots, examples, outputs, error)
  }
}

/// Which pictures are wanted: the others are not made.
package struct PictureParts: OptionSet, Hashable, Sendable {
  package let rawValue: Int

  package init(rawValue: Int) { self.rawValue = rawValue }

  package static let layers = PictureParts(rawValue: 1)
  package static let plane = PictureParts(rawValue: 2)
  /// Confusion, gallery, dead and saturated units, fitted numbers.
  package static let judged = PictureParts(rawValue: 4)
  package static let all: PictureParts = [.layers, .plane, .judged]
}

/// Pictures of a run at one moment, made by plans of their own over the same parameters.
package struct LabPictures: Sendable {
  /// Rows of the unseen (else the training) examples that layers are shown on: one of each class.
  package internal(set) var probeRows: [Int] = []
  package internal(set) var probeLabels: [String] = []
  package var layers: [LayerPicture] = []
  package internal(set) var plane: PlanePicture?
  /// Every unseen example whose target names a class, in the order of the rows.
  package internal(set) var judged: [JudgedExample] = []
  /// [true class][class said] on the unseen examples.
  package internal(set) var confusion: [[Int]]?
  package internal(set) var right: Int?
  package internal(set) var unseenCount = 0
  /// Of the first unseen examples of data without classes, at most 300.
  package internal(set) var fit = Fitted()
  /// Which units of the hidden layers are dead or saturated.
  package internal(set) var health: [UnitHealth] = []
  /// The moment that confusion, gallery and health are of: the one at hand, or while much is to be
  /// judged at full speed an earlier one.
  package internal(set) var judgedAt = Position(step: 0)
}

/// Makes the pictures of a run, and keeps what stays the same from one moment to the next.
final class PictureMaker {
  /// What a judgment depends on: numbers of one moment, with what was set by hand so far.
  private struct Moment: Hashable {
    let part: Int
    let position: Position
    let changes: Int
  }

  private var moment: Moment?
  private var kept: LabPictures?
  private var rows: (part: Int, classes: [[Int]])?
  private var range: (part: Int, range: ClosedRange<Float>)?

  /// About how many products a picture may cost while the run goes on: less than a millisecond.
  private static let budget = 6_000_000

  func pictures(
    of session: Session, _ interest: Interest, isTraining: Bool
  ) -> LabPictures {
    let now = Moment(
      part: session.partIdentity, position: session.position, changes: session.changeLog.count)
    let data = session.settings.data
    let unseen = data.validation ?? data.training
    var pictures = LabPictures()
    if interest.parts.contains(.judged) {
      pictures = judgment(of: session, unseen, now, isTraining: isTraining)
    }
    pictures.unseenCount = unseen.count
    if interest.parts.contains(.layers) {
      let rows = probeRows(unseen, session.shownClasses.count, interest.probe, now)
      pictures.probeRows = rows
      pictures.probeLabels = rows.map { Self.label(ofRow: $0, unseen, session.shownClasses) }
      let hasPlane = session.takesPoints && interest.parts.contains(.plane)
      if interest.quantity.isOfKernel {
        pictures.layers = session.layerPictures(on: unseen.inputs, interest.quantity)
      } else if !hasPlane {
        pictures.layers = session.activationPictures(
          session.runInference(on: unseen, rows: rows)
        ) { $0 }
      }
    }
    if interest.parts.contains(.plane), session.takesPoints {
      pictures.plane = PlanePicture(
        of: session, unseen: unseen, over: planeRange(session),
        budget: isTraining ? Self.budget : 8 * Self.budget)
    }
    return pictures
  }

  // MARK: Judging

  /// Anew when the moment is another one; while the run goes on much work is done once an epoch.
  private func judgment(
    of session: Session, _ unseen: Examples, _ now: Moment, isTraining: Bool
  ) -> LabPictures {
    if let kept, let moment {
      if moment == now { return kept }
      let work = unseen.count * max(session.network.parameterCount, 1)
      let settings = session.settings
      if isTraining, work > Self.budget, moment.part == now.part,
        settings.epoch(ofStep: moment.position.step) == settings.epoch(ofStep: now.position.step),
        moment.position <= now.position
      {
        return kept
      }
    }
    var pictures = LabPictures()
    let classes = session.shownClasses.count
    var counter = UnitCounter(session.network)
    pictures.judged = session.judge(unseen, classes: classes, counter: &counter)
    pictures.health = counter.health
    pictures.judgedAt = now.position
    if classes > 1, !pictures.judged.isEmpty {
      pictures.right = pictures.judged.count { $0.isRight }
      pictures.confusion = Self.confusion(pictures.judged, classes: classes)
    } else if classes <= 1 {
      pictures.fit = session.fit(unseen, atMost: 300)
    }
    (kept, moment) = (pictures, now)
    return pictures
  }

  private static func confusion(_ judged: [JudgedExample], classes: Int) -> [[Int]] {
    var table = [[Int]](repeating: [Int](repeating: 0, count: classes), count: classes)
    for example in judged where example.isClass < classes && example.saidClass < classes {
      table[example.isClass][example.saidClass] += 1
    }
    return table
  }

  // MARK: Probes

  /// Example `place` of each class, or eight examples from there on when there are no classes; after
  /// the last one it begins again.
  private func probeRows(
    _ examples: Examples, _ classes: Int, _ place: Int, _ now: Moment
  ) -> [Int] {
    guard classes > 1, examples.targets.count == examples.count else {
      let count = min(8, examples.count)
      return (0..<count).map { (place * count + $0) % examples.count }
    }
    if rows?.part != now.part {
      var found = [[Int]](repeating: [], count: classes)
      for (row, label) in examples.targets.scalars.enumerated() {
        if let number = label.classNumber, number < classes { found[number].append(row) }
      }
      rows = (now.part, found)
    }
    return (rows?.classes ?? []).compactMap { $0.isEmpty ? nil : $0[place % $0.count] }
  }

  private static func label(ofRow row: Int, _ examples: Examples, _ classes: [String]) -> String {
    let width = examples.targets.count / max(examples.count, 1)
    guard width == 1, let number = examples.targets.scalars[row].classNumber,
      classes.indices.contains(number)
    else { return "\(row)" }
    return classes[number]
  }

  // MARK: The plane

  /// As far to every side as the farthest of the training examples, and a little more.
  private func planeRange(_ session: Session) -> ClosedRange<Float> {
    if let range, range.part == session.partIdentity { return range.range }
    let numbers = session.settings.data.training.inputs.scalars
    // Batches differ, the plane they lie in does not.
    let farthest =
      session.passes.map { $0.reach(ofPass: $0.picturedPass(near: session.shownStep)) }
      ?? numbers.reduce(Float(0)) { $1.isFinite ? max($0, abs($1)) : $0 }
    let reach = farthest * 1.1
    let found = -max(reach, 0.1)...max(reach, 0.1)
    range = (session.partIdentity, found)
    return found
  }
}

extension Session {
  /// Whether an example is a point of a plane and nothing else.
  var takesPoints: Bool { network.inputShapes == [[2]] }

  /// The forward pass on some examples, as a batch of their own.
  func runInference(on examples: Examples, rows: [Int]) -> Execution {
    let run = part.execution(batchSize: max(1, rows.count), purpose: .prediction)
    run.begin(seed: settings.seed, step: 0, learningRate: 0)
    Examples(inputs: examples.allInputs, targets: []).load(rows[...], into: run)
    run.run()
    return run
  }

  /// Whether the numbers of the first output become probabilities only in the loss.
  private var givesLogits: Bool {
    settings.model.compilation?.loss.arguments["from_logits"] == .boolean(true)
  }

  /// Every example whose target names a class, with what the network says of it; where each place of
  /// a sequence or of a picture has a class, every place of the first examples. The units of the
  /// hidden layers are counted on the first 512 of all.
  func judge(
    _ examples: Examples, classes: Int, counter: inout UnitCounter
  ) -> [JudgedExample] {
    var judged: [JudgedExample] = []
    judged.reserveCapacity(examples.count)
    let width = network.outputShape.count
    let perTarget = examples.targets.count / max(examples.count, 1)
    // Of two classes one number says which: the probability of the second, as in a mask.
    let isMask = classes == 2 && network.outputShape.rank > 1 && network.outputShape.last == 1
    let hasPlaces = perTarget > 1 && width == perTarget * (isMask ? 1 : classes)
    let places = hasPlaces ? perTarget : 1
    let mostRows = places == 1 ? examples.count : max(1, Self.mostPlaces / places)
    let (isLogits, isDivided) = (givesLogits, part.dividesBySum)
    let targets = examples.targets.scalars
    let inputs = Examples(
      inputs: zip(examples.allInputs, network.inputShapes).map {
        $0.reshaped(to: Shape([examples.count] + $1.extents))
      }, targets: [])
    var health = counter
    forEachBatch(of: inputs) { run, range in
      if range.lowerBound < UnitHealth.mostExamples { health.look(at: run, count: range.count) }
      guard classes > 1, width > 0 else { return }
      run.withNumbers(of: run.plan.output) { output in
        let wide = width / places
        for i in 0..<range.count * places where range.lowerBound + i / places < mostRows {
          let row = range.lowerBound + i / places
          var p = UnsafeMutableBufferPointer(rebasing: output[i * wide..<(i + 1) * wide])
          if isLogits { Self.makeProbabilities(&p) }
          if isDivided {
            let sum = p.reduce(0, +)
            for i in p.indices { p[i] /= sum }
          }
          let first = row * perTarget + i % places
          let target = targets[first..<first + (places == 1 ? perTarget : 1)]
          let largest = target.indices.max { target[$0] < target[$1] }
          let isClass =
            target.count == 1 ? target.first?.classNumber : largest.map { $0 - target.startIndex }
          if let isClass { judged.append(Self.judged(row, isClass, p)) }
        }
      }
    }
    counter = health
    return judged
  }

  /// How many places of sequences are judged at most: a screen shows no more.
  private static let mostPlaces = 10_000

  /// Softmax of several logits, the sigmoid of one; nobody else reads this output again.
  private static func makeProbabilities(_ p: inout UnsafeMutableBufferPointer<Float>) {
    guard p.count > 1 else {
      if let logit = p.first { p[0] = 1 / (1 + exp(-logit)) }
      return
    }
    let most = p.max() ?? 0
    var sum: Float = 0
    for i in p.indices {
      p[i] = exp(p[i] - most)
      sum += p[i]
    }
    for i in p.indices { p[i] /= sum }
  }

  private static func judged(
    _ row: Int, _ isClass: Int, _ p: UnsafeMutableBufferPointer<Float>
  ) -> JudgedExample {
    var said = 0
    let ofSaid: Float
    let ofTruth: Float
    if p.count == 1 {
      said = p[0] > 0.5 ? 1 : 0
      ofSaid = max(p[0], 1 - p[0])
      ofTruth = isClass == 1 ? p[0] : 1 - p[0]
    } else {
      for i in p.indices where p[i] > p[said] { said = i }
      ofSaid = p[said]
      ofTruth = isClass < p.count ? p[isClass] : 0
    }
    return JudgedExample(
      row: row, isClass: isClass, saidClass: said, probability: ofSaid,
      loss: ofTruth.isNaN ? .nan : -log(min(max(ofTruth, 1e-7), 1)))
  }

  /// What the network gives for the first examples beside what is true.
  /// - Parameter count: how many examples, and how many dots of them.
  func fit(_ examples: Examples, atMost count: Int) -> Fitted {
    let rows = min(count, examples.count)
    guard rows > 0 else { return Fitted() }
    let shown = examples.rows(Array(0..<rows))
    let said = predict(shown.allInputs)[0].scalars
    let truth = shown.targets.scalars
    let (perSaid, perTrue) = (said.count / rows, truth.count / rows)
    let (outputs, width) = (min(perSaid, perTrue), shown.inputs.count / rows)
    guard outputs > 0, width > 0 else { return Fitted() }
    var sum = 0.0
    for row in 0..<rows {
      for output in 0..<outputs {
        sum += Double(abs(said[row * perSaid + output] - truth[row * perTrue + output]))
      }
    }
    let all = rows * outputs
    let dots = (0..<min(all, count)).map { place in
      // Of many, one after the other row and a place in it that goes on by the golden section: each
      // part of an output has its share.
      let row = all <= count ? place / outputs : place * rows / count
      let part = (Double(place) * 0.618_033_988_75).truncatingRemainder(dividingBy: 1)
      let output = all <= count ? place % outputs : Int(part * Double(outputs))
      return Fitted.Dot(
        input: shown.inputs.scalars[row * width], target: truth[row * perTrue + output],
        said: said[row * perSaid + output])
    }
    return Fitted(dots: dots, examples: rows, outputs: outputs, error: Float(sum / Double(all)))
  }
}
