import Foundation
import PseudoTerminal
import TestSupport
import Testing

@Suite("Plain mode, whole sessions", .waitsForPrograms)
struct PlainModeTests {
  @Test("through pipes: digits are trained and a gradient is opened; every line has its answer")
  func pipes() throws {
    let lines = [
      "go train", ".", ".", "print loss", "go step", ".", ".", ".", "read words",
      "explain dense_2/kernel.grad[0,0]", "theme light", "quit",
    ]
    let lab = try LabInTerminal(
      script: "printf '\(lines.joined(separator: "\\n"))\\n' | \"$0\" --plain | cat; "
        + "echo left ${PIPESTATUS[1]}")
    #expect(lab.terminal.exitStatus() == 0)
    let output = lab.terminal.output[...]
    #expect(output.contains(text: "left 0"))
    #expect(!output.contains(text: "\u{1B}"), "no sequence in plain words")
    let words = output.words
    for said in ["Train: paused, digits", "step 2, loss ", "loss = ", "Step: digits"] {
      #expect(words.contains(said), "\(said)")
    }
  }

  @Test("a terminal that cannot move its cursor gets words, asks for a line, and leaves by ^C")
  func dumb() throws {
    let lab = try LabInTerminal(environment: ["TERM": "dumb"])
    #expect(lab.terminal.look { $0.contains(text: "home> ") })
    let start = lab.terminal.output.count
    lab.terminal.type("go build\r")
    #expect(lab.terminal.look(from: start) { $0.contains(text: "build> ") })
    #expect(lab.terminal.modesAreBack, "lines are edited by the terminal itself")
    lab.terminal.type([3])
    #expect(lab.terminal.exitStatus() == 130)
    #expect(!lab.terminal.output[...].contains(text: "\u{1B}"))
  }

  @Test("input that ends is a way to leave, and the work is kept")
  func end() throws {
    let lab = try LabInTerminal(
      script: "printf 'go train\\n.\\n' | \"$0\" --plain; echo left $?; "
        + "printf 'go train\\nwhere\\n' | \"$0\" --plain; echo left $?")
    #expect(lab.terminal.exitStatus() == 0)
    let words = lab.terminal.output[...].words
    #expect(words.components(separatedBy: "left 0").count == 3)
  }

  @Test("from the screen to words and back: the terminal is given back between them")
  func switching() throws {
    let lab = try LabInTerminal()
    try lab.open()
    lab.terminal.type(":plain\r")
    #expect(lab.terminal.look { $0.contains(text: "home> ") })
    #expect(lab.terminal.modesAreBack)
    let start = lab.terminal.output.count
    lab.terminal.type("screen\r")
    #expect(
      lab.terminal.look(from: start) { $0.contains(text: "\u{1B}[?1049h") && $0.frames > 0 })
    lab.terminal.settle()
    lab.terminal.type("q")
    #expect(lab.terminal.exitStatus() == 0)
    lab.expectTerminalBack()
  }
}
