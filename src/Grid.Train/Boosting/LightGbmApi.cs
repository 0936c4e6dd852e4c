using System.Runtime.InteropServices;

namespace Grid.Train.Boosting;

/// <summary>The functions of LightGBM's C interface that training needs; each returns 0 where it succeeded.</summary>
internal static partial class LightGbmApi
{
    public const int Float32 = 0;
    public const int PredictNormal = 0;
    private const string Library = "lib_lightgbm";

    [LibraryImport(Library)]
    public static partial nint LGBM_GetLastError();

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static unsafe partial int LGBM_DatasetCreateFromMat(
        float* data, int dataType, int rows, int columns, int isRowMajor, string parameters, nint reference, out nint dataset);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static unsafe partial int LGBM_DatasetSetField(nint dataset, string name, float* data, int count, int type);

    [LibraryImport(Library)]
    public static partial int LGBM_DatasetFree(nint dataset);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int LGBM_BoosterCreate(nint dataset, string parameters, out nint booster);

    [LibraryImport(Library)]
    public static partial int LGBM_BoosterAddValidData(nint booster, nint dataset);

    [LibraryImport(Library)]
    public static partial int LGBM_BoosterUpdateOneIter(nint booster, out int isFinished);

    [LibraryImport(Library)]
    public static partial int LGBM_BoosterGetEval(nint booster, int dataIndex, out int count, Span<double> results);

    [LibraryImport(Library)]
    public static partial int LGBM_BoosterSaveModelToString(
        nint booster, int startIteration, int iterations, int importanceType, long capacity, out long length, Span<byte> text);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static unsafe partial int LGBM_BoosterPredictForMat(
        nint booster, float* data, int dataType, int rows, int columns, int isRowMajor, int predictType, int startIteration, int iterations, string parameters, out long length, double* results);

    [LibraryImport(Library)]
    public static partial int LGBM_BoosterFree(nint booster);
}
