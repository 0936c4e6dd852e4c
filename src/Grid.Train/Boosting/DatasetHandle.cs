using Grid.Train.Data;
using Microsoft.Win32.SafeHandles;

namespace Grid.Train.Boosting;

/// <summary>Owns rows in the library's own form.</summary>
internal sealed class DatasetHandle : SafeHandleZeroOrMinusOneIsInvalid
{
    /// <param name="rows">The rows; copied.</param>
    /// <param name="parameters">The booster's parameters.</param>
    /// <param name="bins">Rows whose bins these share, as validation rows must; or null.</param>
    public unsafe DatasetHandle(TrainingRows rows, string parameters, DatasetHandle? bins = null)
        : base(ownsHandle: true)
    {
        fixed (float* features = rows.Features)
        {
            LightGbm.Check(LightGbmApi.LGBM_DatasetCreateFromMat(
                features, LightGbmApi.Float32, rows.Count, rows.Width, isRowMajor: 1, parameters, bins?.DangerousGetHandle() ?? 0, out var dataset));
            SetHandle(dataset);
        }

        Set("label", rows.Labels);
        if (!rows.Weights.IsEmpty)
        {
            Set("weight", rows.Weights);
        }
    }

    protected override bool ReleaseHandle() => LightGbmApi.LGBM_DatasetFree(handle) == 0;

    private unsafe void Set(string field, ReadOnlySpan<float> values)
    {
        fixed (float* first = values)
        {
            LightGbm.Check(LightGbmApi.LGBM_DatasetSetField(handle, field, first, values.Length, LightGbmApi.Float32));
        }
    }
}
