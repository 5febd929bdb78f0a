import Autodiff
import NeuralNets
import Tensors
import Testing

@testable import Training

@Suite("A whole gradient beside its numeric estimate")
struct GradientSurveyTests {
  private static func field(_ reply: DebuggerReply, _ name: String) -> DebuggerReply.Field? {
    reply.fields.first { $0.name == name }?.value
  }

  @Test("of a small gradient every number is checked, of a large one the largest and a spread")
  func counts() throws {
    var debugger = Debugger(try Session(SampleRun.named("dense, dropout, Adam").settings))
    _ = try debugger.run("goto step 1")
    let small = try debugger.run("gradcheck dense_1/kernel.grad")
    #expect(Self.field(small, "checked") == .integer(45))
    #expect(Self.field(small, "agrees") == .truth(true))
    #expect(small.lines[0].hasPrefix("all 45 numbers of the gradient of dense_1/kernel"))
    let one = try debugger.run("gradcheck dense/kernel[1,2]")
    #expect(Self.field(one, "checked") == .integer(1))
    #expect(Self.field(one, "value") == .text("dense/kernel[1,2]"))

    let settings = SampleRun(
      "wide", input: [20],
      layers: [("Dense", ["units": 12, "activation": "tanh"]), ("Dense", ["units": 1])],
      loss: "MeanSquaredError", optimizer: "SGD"
    ).settings
    let session = try Session(settings)
    let weight = try #require(session.plan.value(named: "dense/kernel"))
    let gradient = try #require(session.plan.gradients[weight])
    session.go(to: Position(step: 0, instruction: session.plan.range(of: .backward).upperBound))
    let places = GradientCheck(session.execution).places(of: weight)
    let sizes = session.execution.numbers(of: gradient).map(abs)
    let largest = try #require(sizes.indices.max { sizes[$0] < sizes[$1] })
    #expect(places.contains(largest) && places.count > 32 && places.count <= 64)
    #expect(places.contains { $0 >= 200 } && places.contains { $0 < 20 })
    var wide = Debugger(session)
    let reply = try wide.run("gradcheck dense/kernel.grad")
    #expect(Self.field(reply, "of") == .integer(240))
    #expect(reply.lines[0].contains("of the 240 numbers"))
  }

  @Test("a wrong number away from the first is found and told with its place")
  func wrong() throws {
    var debugger = Debugger(try Session(SampleRun.named("dense, dropout, Adam").settings))
    _ = try debugger.run("goto step 1")
    _ = try debugger.run("sabotage missingMean")
    _ = try debugger.run("goto step 2")
    let names = debugger.session.plan.parameters.map { debugger.session.plan[$0].name }
    let replies = try names.map { try debugger.run("gradcheck \($0).grad") }
    let found = replies.filter { Self.field($0, "agrees") == .truth(false) }
    #expect(!found.isEmpty)
    for reply in found {
      #expect(reply.lines.contains { $0.hasPrefix("∂L/∂ ") && $0.contains("[") })
    }
  }

  @Test("the count of checks is what was compared, the worst what was told")
  func doings() throws {
    var debugger = Debugger(try Session(SampleRun.named("dense, dropout, Adam").settings))
    _ = try debugger.run("goto step 1")
    _ = try debugger.run("gradcheck dense_1/kernel.grad")
    _ = try debugger.run("gradcheck dense_1/kernel[0,0]")
    #expect(try debugger.run("print checks").lines[0] == "checks = 46")
  }
}
