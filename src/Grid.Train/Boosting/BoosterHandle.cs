using Microsoft.Win32.SafeHandles;

namespace Grid.Train.Boosting;

/// <summary>Owns a booster of the library.</summary>
internal sealed class BoosterHandle : SafeHandleZeroOrMinusOneIsInvalid
{
    public BoosterHandle(DatasetHandle rows, string parameters)
        : base(ownsHandle: true)
    {
        LightGbm.Check(LightGbmApi.LGBM_BoosterCreate(rows.DangerousGetHandle(), parameters, out var booster));
        SetHandle(booster);
    }

    protected override bool ReleaseHandle() => LightGbmApi.LGBM_BoosterFree(handle) == 0;
}
