# expects: same
import keras
import numpy as np

y_true = np.array([[0., 1.], [0., 0.], [1., 1.]])
y_pred = np.array([[0.6, 0.4], [0.4, 0.6], [0.3, 0.9]])

print("--- losses")
for loss in [
    keras.losses.MeanSquaredError(),
    keras.losses.MeanAbsoluteError(),
    keras.losses.MeanAbsolutePercentageError(),
    keras.losses.MeanSquaredLogarithmicError(),
    keras.losses.BinaryCrossentropy(),
    keras.losses.BinaryCrossentropy(label_smoothing=0.2),
    keras.losses.BinaryFocalCrossentropy(gamma=2.0),
    keras.losses.CategoricalCrossentropy(),
    keras.losses.Hinge(),
    keras.losses.SquaredHinge(),
    keras.losses.CategoricalHinge(),
    keras.losses.KLDivergence(),
    keras.losses.Poisson(),
    keras.losses.LogCosh(),
    keras.losses.Huber(delta=0.3),
    keras.losses.CosineSimilarity(axis=-1),
    keras.losses.Dice(),
]:
    print("%-32s %.6f" % (loss.name, float(loss(y_true, y_pred))))

mse = keras.losses.MeanSquaredError(reduction="sum")
print("sum", float(mse(y_true, y_pred)))
print("weighted", float(keras.losses.MeanSquaredError()(y_true, y_pred, sample_weight=[0.7, 0.3, 0.0])))
print("each", np.array(keras.losses.MeanSquaredError(reduction=None)(y_true, y_pred)))
print("function", np.array(keras.losses.mean_absolute_error(y_true, y_pred)))
print("sparse", float(keras.losses.SparseCategoricalCrossentropy()(np.array([1, 2]), np.array([[0.05, 0.95, 0], [0.1, 0.8, 0.1]]))))

print("--- metrics")
m = keras.metrics.BinaryAccuracy(threshold=0.5)
m.update_state([[1], [1], [0], [0]], [[0.98], [1], [0], [0.6]])
print("accuracy", float(m.result()))
m.reset_state()
m.update_state([[1], [1], [0], [0]], [[0.98], [1], [0], [0.6]], sample_weight=[1, 0, 0, 1])
print("weighted accuracy", float(m.result()))

truth = np.array([0, 0, 1, 1, 1, 0, 1, 0])
score = np.array([0.1, 0.4, 0.35, 0.8, 0.7, 0.45, 0.9, 0.2])
for metric in [
    keras.metrics.AUC(),
    keras.metrics.AUC(curve="PR", num_thresholds=50, name="pr"),
    keras.metrics.Precision(),
    keras.metrics.Recall(thresholds=0.3),
    keras.metrics.TruePositives(),
    keras.metrics.FalseNegatives(),
    keras.metrics.PrecisionAtRecall(0.5),
    keras.metrics.SensitivityAtSpecificity(0.5),
    keras.metrics.MeanAbsoluteError(),
    keras.metrics.RootMeanSquaredError(),
    keras.metrics.BinaryIoU(target_class_ids=[0, 1], threshold=0.5),
]:
    metric.update_state(truth[:5], score[:5])
    metric.update_state(truth[5:], score[5:])
    print("%-28s %.6f" % (metric.name, float(metric.result())))

f1 = keras.metrics.F1Score(threshold=0.5)
f1.update_state(np.array([[1, 1, 1], [1, 0, 0], [1, 1, 0]]), np.array([[0.2, 0.6, 0.7], [0.2, 0.6, 0.6], [0.6, 0.8, 0.0]]))
print("f1", np.array(f1.result()))
r2 = keras.metrics.R2Score()
r2.update_state(np.array([[1], [4], [3]], dtype="float32"), np.array([[2], [4], [4]], dtype="float32"))
print("r2", float(r2.result()))
top = keras.metrics.TopKCategoricalAccuracy(k=2)
top.update_state([[0, 0, 1], [0, 1, 0]], [[0.1, 0.8, 0.3], [0.05, 0.95, 0.1]])
print("top 2", float(top.result()))
mean = keras.metrics.Mean(name="mean loss")
for v in [1, 3, 5, 7]:
    mean.update_state(v)
print(mean.name, float(mean.result()))
iou = keras.metrics.MeanIoU(num_classes=2)
iou.update_state([0, 0, 1, 1], [0, 1, 0, 1])
print("iou %.4f" % float(iou.result()))
