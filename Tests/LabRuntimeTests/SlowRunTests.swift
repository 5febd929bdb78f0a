import Autodiff
import Datasets
import Foundation
@testable import LabRuntime
import NeuralNets
import Tensors
import Testing
import Training
import Workbench

@Suite("A slow run that is watched")
struct SlowRunTests {
  @Test("between two of its steps the past of what is watched is found and shown")
  func looksBack() throws {
    let workpiece = Workpiece(
      model: .perceptron(inputShape: [4], hidden: [8], classes: 3),
      dataset: try DatasetLibrary().load("iris"), epochs: 40, batchSize: 16)
    let thread = LabThread(wake: {})
    defer { thread.stop() }
    var step = StepInterest()
    step.watches = ["dense/kernel[0,0]"]
    thread.post(.open(try workpiece.settings()))
    thread.post(.look(Interest(step: step)))
    thread.post(.pace(.steps(3)))
    thread.post(.play)
    // Every picture is of the newest step; of each of some steps one comes that has its past.
    var seen: Set<Int> = []
    let end = ContinuousClock.now + .seconds(60)
    while seen.count < 3, ContinuousClock.now < end {
      for case .run(let lab) in thread.takeNews() {
        guard lab.activity == .training, let moment = lab.moment, moment.isDone else { continue }
        #expect(lab.position.step == moment.step + 1)
        let past = try #require(moment.watches.first).past
        if !past.isPending, past.points.last?.step == moment.step { seen.insert(moment.step) }
      }
      Thread.sleep(forTimeInterval: 0.01)
    }
    #expect(seen.count >= 3)
  }
}
