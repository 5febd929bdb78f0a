import Testing

@Suite("Comparing what programs print")
struct TranscriptTests {
  private func differs(_ here: String, _ there: String, _ rule: Transcript.Rule) -> Bool {
    Transcript(here).difference(from: Transcript(there), rule) != nil
  }

  @Test(
    "These count as the same",
    arguments: [
      ("loss: 0.123456", "loss: 0.123457"), ("[ 0.5  0.25]", "[0.50000001 0.25      ]"),
      ("acc 1.000 in 1e-05", "acc 1.000 in 1.000001e-05"), ("x = -0.0", "x = 0.0"),
      (
        "8/8 ━━━━━━━━━━━━━━━━━━━━ 0s 2ms/step - loss: 0.5000",
        "8/8 ━━━━━━━━━━━━━━━━━━━━ 1:02 13s/step - loss: 0.5001"
      ),
      ("4/4 - 0s - 812us/step - loss: 1.0", "4/4 - 1s - 3ms/step - loss: 1.0"),
    ])
  func same(here: String, there: String) {
    #expect(!differs(here, there, .same))
    #expect(differs(here + "\n", there, .same))
  }

  @Test(
    "These do not",
    arguments: [
      ("loss: 0.123400", "loss: 0.123457"), ("1", "1.0"), ("12 of 100", "13 of 100"),
      ("dense_1 0.5", "dense_2 0.5"), ("a b", "a  b"), ("nan", "0.5"), ("-0.5", "0.5"),
      ("0.5 0.5", "0.5"), ("Epoch 1/10", "Epoch 2/10"),
      ("4/4 - 0s - 3ms/step - loss: 1.0", "4/4 - 0s - 3ms/step - mae: 1.0"),
    ])
  func other(here: String, there: String) {
    #expect(differs(here, there, .same))
    #expect(!differs(here, here, .same))
  }

  @Test("A line is a tensor, judged by its largest number")
  func close() {
    #expect(!differs("outputs [0.00001, 2.0]", "outputs [0.00004, 2.0]", .close))
    #expect(differs("outputs [0.00001, 0.2]", "outputs [0.00004, 0.2]", .close))
    #expect(differs("outputs [0.00001, 2.0]", "outputs [0.00004, 2.0]", .determined))
  }

  @Test("Where numbers are free, words, counts and lines are not")
  func shape() {
    #expect(!differs("Accuracy: 0.5", "Accuracy: 0.734", .shape))
    #expect(differs("Accuracy: 0.5", "Loss: 0.5", .shape))
    #expect(differs("Epoch 1/10", "Epoch 2/10", .shape))
    #expect(differs("Accuracy: nan", "Accuracy: 0.5", .shape))
  }
}
