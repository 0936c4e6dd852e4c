using Grid.Monitoring.Performance;
using Grid.Primitives;

namespace Grid.Monitoring.Baselines;

/// <summary>Labels of training rows against the first output, where there is one.</summary>
internal sealed class TrainingPerformance(BaselineRequest request, RowColumn[] watched)
{
    private readonly int _output = request.Outputs.IsEmpty ? -1 : Array.FindIndex(watched, c => c.Name == request.Outputs[0]);
    private readonly BinaryPerformance _binary = new();
    private readonly RegressionPerformance _regression = new();
    private long _labels;
    private long _positives;
    private bool _isBinary = true;
    private bool _isProbability = true;

    public double? LabelRate => _labels > 0 && _isBinary ? (double)_positives / _labels : null;

    public PerformanceReference? Reference =>
        _output < 0 || _labels == 0 ? null
        : _isBinary && _isProbability ? new PerformanceReference(_binary.Count, Known(_binary.Auc), _binary.LogLoss, _binary.Brier, _binary.CalibrationError)
        : new PerformanceReference(_regression.Count, Rmse: _regression.Rmse, Mae: _regression.Mae);

    public IsotonicCalibration? Calibration
    {
        get
        {
            if (_output < 0 || !_isBinary || !_isProbability)
            {
                return null;
            }

            var table = _binary.Calibration().Where(static b => b.Count > 0).ToArray();
            return table.Length == 0
                ? null
                : IsotonicCalibration.Fit([.. table.Select(static b => b.MeanScore)], [.. table.Select(static b => b.Rate)], [.. table.Select(static b => (double)b.Count)]);
        }
    }

    public void Add(float[] row, double label)
    {
        if (double.IsNaN(label))
        {
            return;
        }

        if (!double.IsFinite(label))
        {
            throw GridError.Invalid($"label '{request.Label}'", $"holds {label}.", "Labels are finite numbers, or empty.").ToException();
        }

        _labels++;
        _isBinary &= label is 0 or 1;
        _positives += label > 0.5 ? 1 : 0;
        if (_output < 0 || !float.IsFinite(row[_output]))
        {
            return;
        }

        _isProbability &= row[_output] is >= 0 and <= 1;
        _regression.Add(row[_output], label);
        if (_isBinary && _isProbability)
        {
            _binary.Add(row[_output], label > 0.5);
        }
    }

    private static double? Known(double value) => double.IsNaN(value) ? null : value;
}
