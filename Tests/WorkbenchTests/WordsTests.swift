import Autodiff
import NeuralNets
import Tensors
import TerminalGraphics
import TestSupport
import Testing
import Training

@testable import Workbench

/// Sentences are checked by reading their numbers and finding them anew in the run's arrays.
@Suite("Sentences about instructions")
struct WordsTests {
  @Test("what they claim is true of 1,000 random nets", arguments: ["relu", "tanh", "sigmoid"])
  func claimsHold(activation: String) {
    var kinds: Set<String> = []
    for seed in 0..<334 {
      let rig = StepRig.toy(
        batchSize: 1 + seed % 5, activation: activation, seed: UInt64(seed))
      let count = rig.moment.plan.instructions.count
      for instruction in 1...count {
        rig.lab.handle(.go(Position(step: seed % 2, instruction: instruction)))
        let moment = rig.lab.snapshot().moment!
        for sentence in Words.sentences(of: moment) {
          let kind = check(sentence, moment)
          kinds.insert(kind ?? "")
          #expect(kind != nil, "\(sentence)")
        }
      }
    }
    #expect(kinds.count > 8)
  }

  @Test(
    "no step is said to lower the loss by more than all of it", arguments: [0.001, 100] as [Float])
  func firstOrder(rate: Float) throws {
    let rig = StepRig.toy()
    rig.lab.handle(.learningRate(rate))
    let updates = rig.moment.plan.instructions.indices.filter {
      rig.moment.plan.instructions[$0].phase == .update
    }
    var said: [String] = []
    for instruction in updates {
      rig.lab.handle(.go(Position(step: 0, instruction: instruction + 1)))
      said += Words.sentences(of: rig.lab.snapshot().moment!).filter {
        $0.contains("By its gradient")
      }
    }
    #expect(!said.isEmpty)
    #expect(
      said.contains { $0.contains("would lower") && $0.contains("more than all") } == (rate > 1))
    if rate > 1 { #expect(!said.contains { $0.contains("alone lowers") }) }
  }

  @Test("there are one to three of them for every instruction")
  func areFew() throws {
    var rig = try StepRig.digits()
    for instruction in 1...26 {
      rig.go(1, instruction)
      #expect((1...3).contains(Words.sentences(of: rig.moment).count))
    }
  }

  /// Whether the number named is the largest, and is what stands there.
  private func isLargest(_ sentence: String, _ result: Tensor, count: Int?) -> Bool {
    let x = result.scalars
    guard let open = sentence.lastIndex(of: "["), let close = sentence.lastIndex(of: "]"),
      let offset = result.shape.offset(
        of: sentence[open..<close].dropFirst().split(separator: ",").compactMap { Int($0) })
    else { return false }
    let text = sentence[close...].dropFirst(4).dropLast().replacing(",", with: "")
    guard let written = Float(text) else { return false }
    let tolerance: Float = text.contains("e") ? 0.051 : 0.0006
    return count == x.count && abs(written - x[offset]) <= tolerance * abs(x[offset])
      && x.indices.allSatisfy { $0 == offset || abs(x[$0]) < abs(x[offset]) }
  }

  /// The kind of a sentence when its claim holds, nil when it does not.
  /// Whether as many numbers changed as a sentence says, and as many of them against their gradient.
  private func changes(_ sentence: String, _ counts: [Int], _ moment: StepMoment) -> Bool {
    guard let update = ParameterUpdate(moment), let gradient = update.gradient else {
      return false
    }
    let changes = zip(update.after.scalars, update.before.scalars).map { $0 - $1 }
    let moved = changes.count { $0 != 0 }
    let against = zip(changes, gradient.scalars).count { $0 * $1 < 0 }
    let isMoved: Bool
    if sentence.hasPrefix("No number") { return moved == 0 }
    if sentence.hasPrefix("The number changes by ") {
      isMoved = changes.count == 1 && sentence.has(NumberFormat.compact(changes[0]))
    } else if sentence.hasPrefix("Both") {
      isMoved = moved == 2 && changes.count == 2
    } else if sentence.hasPrefix("All") {
      isMoved = moved == changes.count && counts.first == moved
    } else {
      isMoved = Array(counts.prefix(2)) == [moved, changes.count]
    }
    let said: Int?
    if sentence.has("all against") || sentence.has("both against") {
      said = moved
    } else if sentence.has("none of them") || sentence.has("not against") {
      said = 0
    } else if sentence.has("of them") {
      said = counts.last
    } else {
      said = 1
    }
    return isMoved && said == against
  }

  func check(_ sentence: String, _ moment: StepMoment) -> String? {
    let result = moment.results[moment.result].tensor
    let x = result.scalars
    let counts = sentence.split { !$0.isNumber && $0 != "," }.compactMap {
      Int($0.replacing(",", with: ""))
    }
    if sentence.hasPrefix("The largest of the "), sentence.has(" in size is ") {
      return isLargest(sentence, result, count: counts.first) ? "largest" : nil
    }
    if sentence.has("above 0 and passed") {
      return counts.first == x.count { $0 > 0 } && x.allSatisfy { $0 >= 0 } ? "relu" : nil
    }
    if sentence.has("in all") && sentence.has("no gradient reaches") {
      let width = result.shape.last
      let silent = (0..<width).count { c in
        stride(from: c, to: x.count, by: width).allSatisfy { x[$0] == 0 }
      }
      return counts[0] == silent ? "silent units" : nil
    }
    if sentence.has("is the largest of the"), sentence.hasPrefix("|") {
      let width = result.shape.last
      let norms = (0..<result.shape.rows).map { row in
        x[row * width..<(row + 1) * width].reduce(Float(0)) { $0 + abs($1) }
      }
      return norms[counts[0]] == norms.max() ? "largest row" : nil
    }
    if sentence.has(" are 0: ") || sentence.has(" is 0: ") {
      let width = result.shape.last
      let zero = (0..<result.shape.rows).count { row in
        x[row * width..<(row + 1) * width].allSatisfy { $0 == 0 }
      }
      return zero >= counts[0] && counts[1] == result.shape.rows ? "zero rows" : nil
    }
    if sentence.hasPrefix("Above 0:") {
      return counts[1] == x.count { $0 > 0 } && counts[3] == x.count { $0 < 0 } ? "signs" : nil
    }
    if sentence.has("unchanged") {
      let outputs = moment.operands.first { $0.symbol == "h" || $0.symbol.hasPrefix("h[") }
      let passed = outputs?.tensor.scalars.count { $0 > 0 }
      return counts[0] == passed && counts[1] == x.count && counts[0] + counts[2] == x.count
        ? "relu gradient" : nil
    }
    if sentence.has("at most 1/4") || sentence.has("no gradient grows") {
      let limit: Float = sentence.has("1/4") ? 0.2501 : 1.0001
      guard let dy = moment.operands.first(where: { $0.symbol.hasPrefix("∂") })?.tensor.scalars
      else { return nil }
      return zip(x, dy).allSatisfy { abs($0) <= limit * abs($1) + 1e-30 } ? "slope" : nil
    }
    if sentence.has("shares that add up to 1") {
      let width = result.shape.last
      return (0..<result.shape.rows).allSatisfy { row in
        abs(x[row * width..<(row + 1) * width].reduce(0, +) - 1) < 1e-5
      } && counts[0] == width ? "shares" : nil
    }
    if sentence.has("one share is above one half") {
      let width = result.shape.last
      let sure = (0..<result.shape.rows).count { row in
        x[row * width..<(row + 1) * width].contains { $0 > 0.5 }
      }
      return counts[0] == sure ? "sure" : nil
    }
    if sentence.has("adds up to 0") {
      let width = result.shape.last
      return (0..<result.shape.rows).allSatisfy { row in
        abs(x[row * width..<(row + 1) * width].reduce(0, +)) < 1e-5
      } ? "balance" : nil
    }
    if sentence.has("Every number now lies between") {
      let low: Float = sentence.has("−1") ? -1 : 0
      return x.allSatisfy { (low...1).contains($0) } ? "between" : nil
    }
    if sentence.has("little gradient passes") {
      let isTanh = moment.plan.instructions[moment.done - 1].title == "tanh"
      let ends = x.count { isTanh ? abs($0) > 0.99 : $0 > 0.99 || $0 < 0.01 }
      return counts[0] == ends ? "ends" : nil
    }
    if sentence.hasPrefix("L is the mean of") {
      let each =
        moment.operands.first { $0.name == "example_loss" }
        ?? moment.results.first { $0.name == "example_loss" }
      guard let each = each?.tensor.scalars else { return nil }
      let mean = each.reduce(0, +) / Float(each.count)
      return counts[0] == each.count && abs(mean - (moment.loss ?? .nan)) < 1e-5 * max(1, mean)
        ? "mean" : nil
    }
    if sentence.has("the same share would cost") {
      return sentence.has("below") == (x[0] < Float(0.6931472)) ? "even" : nil
    }
    if sentence.has("at least half of it") {
      guard
        let each = moment.results.first(where: { $0.name == "example_loss" })?.tensor.scalars
      else { return nil }
      let most = each.sorted(by: >).prefix(counts[0]).reduce(0, +)
      return most >= each.reduce(0, +) * 0.49999 ? "half" : nil
    }
    if sentence.has("only the true class has a gradient") {
      let width = result.shape.last
      return (0..<result.shape.rows).allSatisfy { row in
        x[row * width..<(row + 1) * width].count { $0 != 0 } == 1
      } ? "true class" : nil
    }
    if sentence.has(" of this batch by about ") {
      guard let update = ParameterUpdate(moment), let gradient = update.gradient else { return nil }
      let effect = zip(zip(update.after.scalars, update.before.scalars), gradient.scalars)
        .reduce(0.0) { $0 + Double($1.0.0 - $1.0.1) * Double($1.1) }
      let size = NumberFormat.compact(abs(effect), digits: 3)
      let isMore = effect < 0 && (moment.loss.map { $0 >= 0 && Double($0) < -effect } ?? false)
      let verb = isMore ? "would lower" : effect < 0 ? "lowers" : "raises"
      return sentence.has(verb) && sentence.has(size)
        && sentence.has("more than all") == isMore
        ? "first order" : nil
    }
    if sentence.has("number changes") || sentence.has("numbers change") {
      return changes(sentence, counts, moment) ? "changed" : nil
    }
    if sentence == "The number does not change." {
      return ParameterUpdate(moment).map { $0.before == $0.after } == true ? "changed" : nil
    }
    if sentence.has("of different sign") {
      guard let update = ParameterUpdate(moment), let gradient = update.gradient else { return nil }
      let apart = zip(update.state[0].after.scalars, gradient.scalars).count { $0 * $1 < 0 }
      return counts[0] == apart ? "apart" : nil
    }
    if sentence.hasPrefix("The largest change") { return "change" }
    let general = [
      "Each row of", "Weight [i,j] gets", "A bias is added as it is", "A bias acts on all",
      "How the loss changes with an input", "added to every row", "The loss of the one example",
    ]
    if sentence.has("is 0 everywhere") {
      return moment.operands.contains {
        $0.symbol == "b" && $0.tensor.scalars.allSatisfy { $0 == 0 }
      }
        ? "no bias" : nil
    }
    if sentence.has("added to each block of") {
      return moment.operands.contains {
        let extents = $0.tensor.shape.extents.map { "\($0)" }.joined(separator: " × ")
        return $0.symbol == "b" && sentence.hasSuffix("block of \(extents).")
      }
        ? "block" : nil
    }
    return general.first { sentence.has($0) }
  }
}
