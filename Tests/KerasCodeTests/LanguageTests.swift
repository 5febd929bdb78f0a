import Foundation
import KerasCode
import Testing

@Suite("Python as tutorials write it")
struct LanguageTests {
  struct Fact: Decodable, Sendable, CustomTestStringConvertible {
    let program: String
    let output: String
    var testDescription: String { String(program.prefix(40)) }
  }

  static let facts: [Fact] = {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    let file = folder.appending(path: "Reference/python_programs.json")
    return (try? JSONDecoder().decode([Fact].self, from: Data(contentsOf: file))) ?? []
  }()

  @Test("there are programs to compare") func present() { #expect(Self.facts.count >= 19) }

  @Test("a program prints what CPython prints", arguments: facts)
  func beside(_ fact: Fact) {
    let found = outcome(fact.program).split(separator: "\n", omittingEmptySubsequences: false)
    let wanted = fact.output.split(separator: "\n", omittingEmptySubsequences: false)
    for (ours, theirs) in zip(found, wanted) { #expect(ours == theirs) }
    #expect(found.count == wanted.count, "\(found.suffix(4).joined(separator: "\n"))")
  }

  static let endings: [(program: String, start: String)] = [
    ("raise ValueError('boom')", "p.py:1:1: ValueError: boom"),
    ("def f(n):\n  return f(n + 1)\nf(0)", "p.py:2:"),
    ("while True: pass", "p.py:1:"),
    ("x = [0] * 10**12", "p.py:1:5: this grows beyond ten million items"),
    ("x = 'a' * 10**12", "p.py:1:5: this grows beyond ten million items"),
    ("x = 10**10**8", "p.py:1:5: a whole number beyond ±9223372036854775807"),
    ("x = 2**64", "p.py:1:5: a whole number beyond ±9223372036854775807"),
    ("l = [1]\nwhile True: l = l + l", "p.py:2:"),
    ("l = [1]\nwhile True: l += l", "p.py:2:"),
    ("l = []\nwhile True: l.append('x' * 1000000)", "p.py:2:"),
    ("s = 'ab'\nwhile True: s = s + s", "p.py:2:"),
    ("d = {}\ni = 0\nwhile True:\n  i += 1\n  d[i] = [i] * 1000", "p.py:"),
    ("try:\n  while True: pass\nexcept:\n  pass", "p.py:2:"),
    ("class A:\n  def __getattr__(self, n): return self.q\nA().x", "p.py:2:"),
    ("class A:\n  def __repr__(self): return 1 / 0\nprint(A())", "p.py:2:30: a division by zero"),
    (
      "import tensorflow as tf\nwith tf.GradientTape() as t:\n  pass",
      "p.py:2:9: \"tensorflow\" has no"
    ),
    ("async def f(): pass", "p.py:1:1: \"async\" is not supported"),
    ("x = 1\nmatch x:\n  case 1: pass", "p.py:2:1: \"match\" is not understood"),
    ("print 'x'", "p.py:1:1: print without brackets"),
    ("class A(3): pass", "p.py:1:9: no class can be derived from 3"),
    ("def f():\n  x = [(yield 1)]\nfor i in f(): pass", "p.py:2:"),
    ("print('\u{1B}[31m' + 1)", "p.py:1:7: \"+\" has no meaning between '\\x1b[31m'"),
    ("raise ValueError('\u{1B}[31m')", "p.py:1:1: ValueError: \\x1b[31m"),
    (
      """
      import keras
      class L(keras.layers.Layer):
        def __init__(self, units, **kwargs):
          super().__init__(**kwargs)
          self.units = units
        def build(self, shape):
          self.w = self.add_weight(shape=(shape[-1], self.units), name='w')
      l = L(3, name='mine')
      print(l.name, l.units, l.trainable, isinstance(l, keras.layers.Layer))
      l(1)
      """, "mine 3 True True\np.py:10:3: L is called on a single number"
    ),
  ]

  @Test("what goes wrong ends with its place and words", arguments: endings)
  func ends(program: String, start: String) {
    var text = ""
    let host = TestHost()
    let budget = Evaluator.Budget(steps: 2_000_000, numbers: 4 << 20, containers: 200_000)
    do { try Evaluator.run(program, file: "p.py", host: host, budget: budget) } catch {
      text = "\(error)"
    }
    #expect((host.output + text).hasPrefix(start), "\(host.output)\(text)")
  }

  @Test("a call without end is told as that")
  func recursion() {
    #expect(outcome("def f(n):\n  return f(n + 1)\nf(0)").contains("calls itself too deeply"))
  }

  @Test("a fault that only the lab finds is told when a program catches it")
  func caughtIsTold() {
    let host = TestHost()
    let program = """
      import numpy as np
      try:
        np.zeros((2, 3)) + np.zeros((4, 5))
      except ValueError:
        print("caught")
      """
    #expect(outcome(program, host: host) == "caught\n")
    #expect(host.notes.count == 1)
  }
}
