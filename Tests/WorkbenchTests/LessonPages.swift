import Lessons

/// Pages that show everything a lesson can have, for tests and pictures.
enum LessonPages {
  /// A page on which nothing is asked.
  static let reading = """
    ```{setup}
    model: model.py
    seed: 8
    show: step
    ```

    ## A small machine

    A **neuron** weighs its inputs.

    ```{live}
    title: x, all four cases
    value: input
    digits: 0
    ```
    """

  static let ask = """
    ```{setup}
    model: model.py
    seed: 8
    position: instruction 8
    show: step
    hide: [dense/output]
    ```

    ## What a weight learns

    Each **weight** counts how much one input matters. The bias is added.

    ```{formula}
    ∂L/∂W = xᵀ · ∂L/∂z
    ```

    ```{ask}
    id: gradient
    question: What is the gradient of the first weight?
    answer: dense/kernel.grad[0,0]
    digits: 2
    hints:
      - Only rows with x₀ = 1 count.
      - Two rows have x₀ = 1.
      - Add two products.
    wrong:
      - when: -dense/kernel.grad[0,0]
        say: The size is right, the sign is not.
    ```

    ```{live}
    title: y, what the neuron says
    value: dense/output
    ```
    """

  static let choice = """
    ```{setup}
    model: model.py
    seed: 8
    show: train
    light: loss
    ```

    ## Which way

    ```{ask}
    id: sign
    question: Which sign has the first weight?
    choices:
      - text: It is negative.
        right: dense/kernel[0,0] < 0
      - text: It is positive.
        right: dense/kernel[0,0] >= 0
    before: reveal
    hints: [Look at the number.]
    ```

    It is `{value} dense/kernel[0,0]`.
    """

  static let exercise = """
    ```{setup}
    model: model.py
    seed: 8
    show: train
    ```

    ## Let it learn

    ```{exercise}
    id: train
    task: Let the neuron learn AND.
    wait: train_accuracy >= 1 and steps >= 10
    hints: [Space trains.]
    success: All four rows are right after `{value:0} steps` steps.
    ```

    ```{sandbox}
    ideas:
      - Try a learning rate of 10.
      - Take the bias away.
    ```
    """
}
