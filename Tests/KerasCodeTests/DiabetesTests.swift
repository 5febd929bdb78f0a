@testable import KerasCode
import Testing

@Suite("Data as scikit-learn gives it")
struct DiabetesTests {
  /// The first and the last row of `sklearn.datasets.load_diabetes().data`.
  private static let rows: [Int: [Double]] = [
    0: [
      0.038075906433423026, 0.05068011873981862, 0.061696206518683294, 0.0218723855140367,
      -0.04422349842444599, -0.03482076283769895, -0.04340084565202491, -0.002592261998183278,
      0.019907486170462722, -0.01764612515980379,
    ],
    441: [
      -0.045472477940023646, -0.044641636506989144, -0.07303030271641665, -0.08141314376144114,
      0.08374011738825825, 0.027808929520208008, 0.17381578478910462, -0.03949338287409329,
      -0.00422151393810765, 0.0030644094143684884,
    ],
  ]

  @Test("load_diabetes() is scaled, with scaled=False as measured")
  func scaled() {
    for (row, wanted) in Self.rows {
      let values = wanted.map { "\($0)" }.joined(separator: ", ")
      let text = outcome(
        """
        import numpy as np
        from sklearn.datasets import load_diabetes
        x, y = load_diabetes(return_X_y=True)
        print(np.abs(x[\(row)] - np.array([\(values)])).max() < 1e-12)
        print(abs(np.abs(x).sum() - 172.22742035163108) < 1e-10, y[:3])
        weights = np.arange(442.0).reshape(-1, 1)
        print(abs((x * weights).sum() - 1749.41193568092) < 1e-9)
        print(load_diabetes(scaled=False).data[0, :3], load_diabetes(as_frame=True).data.shape)
        """)
      #expect(text == "True\nTrue [151.  75. 141.]\nTrue\n[59.   2.  32.1] (442, 10)\n")
    }
  }
}
