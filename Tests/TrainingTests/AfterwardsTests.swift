import Autodiff
import NeuralNets
import Tensors
import Testing
import Training

@Suite("What is done to a weight after its update")
struct AfterwardsTests {
  private func debugger() throws -> Debugger {
    let session = try Session(SampleRun.all[1].settings)
    session.go(to: Position(step: 3))
    return Debugger(session)
  }

  private func made(_ reply: DebuggerReply) -> Float? {
    guard case .number(let number)? = reply.fields.first(where: { $0.name == "value" })?.value
    else {
      return nil
    }
    return number
  }

  @Test(
    "explain tells what the update made, and then what was done",
    arguments: [
      ("set dense_1/bias[0] = 52", "then set by hand: 52.0"),
      ("skip update", "then the update was skipped"),
    ])
  func explained(command: String, words: String) throws {
    var debugger = try debugger()
    let before = made(try debugger.run("explain dense_1/bias[0]"))
    if command == "skip update" { _ = try debugger.run("goto instruction 1") }
    if command == "skip update" { _ = try debugger.run("goto step 2") }
    _ = try debugger.run(command)
    if command == "skip update" { _ = try debugger.run("goto step 3") }
    let reply = try debugger.run("explain dense_1/bias[0]")
    #expect(before != nil && made(reply) == before)
    #expect(reply.lines.contains { $0.hasPrefix(words) }, "\(reply.lines)")
    let now = debugger.session.weights.first { $0.name == "dense_1/bias" }?.tensor.scalars[0]
    #expect(now != before)
  }

  @Test("another number of the same weight is explained as ever")
  func other() throws {
    var debugger = try debugger()
    let before = try debugger.run("explain dense_1/bias[1]").lines
    _ = try debugger.run("set dense_1/bias[0] = 52")
    #expect(try debugger.run("explain dense_1/bias[1]").lines == before)
  }

  @Test("why says that the update was skipped, not that digits were lost")
  func skipped() throws {
    var debugger = try debugger()
    _ = try debugger.run("goto step 2")
    _ = try debugger.run("skip update")
    _ = try debugger.run("goto step 3")
    let lines = try debugger.run("why dense_1/bias[0]").lines
    #expect(lines.contains { $0.contains("the update skipped by hand") }, "\(lines)")
    #expect(!lines.contains { $0.contains("lost in Float32") })
  }
}

@Suite("What is typed nearly right")
struct NearlyRightTests {
  @Test(
    "what would be right is said",
    arguments: [
      ("goto 36", "goto step 36"), ("b loss-up 1", "break loss-up 1"),
      ("b if loss > 1", "break if loss > 1"),
      ("set l2 = 0.1", "set LAYER.kernel_regularizer = L2(0.1)"),
      ("set L2 penalty = 0.1", "set LAYER.kernel_regularizer = L2(0.1)"),
      ("set standardize = yes", "set scale = standard"),
      ("set standardize = no", "set scale = none"),
      ("set batch size = 16", "set batch_size = 16"),
      ("set learning rate = 0.1", "set learning_rate = 0.1"),
      ("set kernel_regularizer = L1(0.1)", "set LAYER.kernel_regularizer = L1(0.1)"),
    ])
  func said(command: String, right: String) {
    let failure = #expect(throws: DebuggerCommand.Failure.self) { try DebuggerCommand(command) }
    #expect(failure?.remedy.contains(right) == true, "\(String(describing: failure))")
  }

  @Test(
    "what is counted is printed as a whole number",
    arguments: [
      ("shape(dense/kernel)", "[6, 9]"), ("shape(dense/kernel)[0]", "6"),
      ("len(dense/kernel)", "6"),
      ("step", "2"),
      ("dense.units", "9"), ("steps", "2"), ("argmax(dense/kernel[0])", ""), ("batch_size", ""),
    ])
  func whole(expression: String, text: String) throws {
    var debugger = Debugger(try Session(SampleRun.all[0].settings))
    _ = try debugger.run("step 2 step")
    let line = try #require(try debugger.run("print \(expression)").lines.first)
    #expect(text.isEmpty ? !line.hasSuffix(".0") : line == "\(expression) = \(text)")
    let plain = try #require(try debugger.run("print 2 * loss / loss").lines.first)
    #expect(plain.hasSuffix("= 2.0"))
  }
}
