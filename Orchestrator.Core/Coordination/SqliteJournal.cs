using Microsoft.Data.Sqlite;
using Orchestrator.Core.Primitives;

namespace Orchestrator.Core.Coordination;

/// <summary>
/// The embedded journal: one SQLite file in the data folder, write-ahead log, synchronous FULL, one transaction a batch.
/// One process at a time may have it open.
/// </summary>
public sealed class SqliteJournal : IJournal
{
    /// <summary>The file within the data folder.</summary>
    public const string FileName = "journal.db";

    private const int SchemaVersion = 1;
    private readonly Lock _gate = new();
    private readonly SqliteConnection _connection;
    private readonly SqliteCommand _put;
    private readonly SqliteCommand _delete;
    private readonly FileStream _lock;
    private readonly string _path;

    private SqliteJournal(string path, SqliteConnection connection, FileStream folderLock)
    {
        _path = path;
        _connection = connection;
        _lock = folderLock;
        _put = Prepare("INSERT INTO record (area, key, value) VALUES ($area, $key, $value) ON CONFLICT (area, key) DO UPDATE SET value = excluded.value");
        _delete = Prepare("DELETE FROM record WHERE area = $area AND key = $key");
    }

    /// <summary>Opens or creates the journal of a data folder, and checks it.</summary>
    /// <exception cref="JournalException">It cannot be used; the message says why and the remedy. Nothing was changed.</exception>
    public static SqliteJournal Open(string folder)
    {
        var path = Path.Combine(folder, FileName);
        FileStream? folderLock = null;
        SqliteConnection? connection = null;
        try
        {
            Directory.CreateDirectory(folder);
            folderLock = Lock(folder);
            if (!File.Exists(path))
            {
                using var created = new FileStream(path, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite });
            }

            connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
            connection.Open();
            Execute(connection, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA busy_timeout = 2000; PRAGMA cell_size_check = ON");
            Check(connection, path);
            return new SqliteJournal(path, connection, folderLock);
        }
        catch (Exception error)
        {
            connection?.Dispose();
            folderLock?.Dispose();
            throw error as JournalException ?? Explain(path, error);
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<JournalRecord> Load(string area)
    {
        lock (_gate)
        {
            try
            {
                using var command = _connection.CreateCommand();
                command.CommandText = "SELECT key, value FROM record WHERE area = $area ORDER BY key COLLATE BINARY";
                command.Parameters.AddWithValue("$area", area);
                using var reader = command.ExecuteReader();
                var records = new List<JournalRecord>();
                while (reader.Read())
                {
                    records.Add(new JournalRecord(area, reader.GetString(0), (byte[])reader.GetValue(1)));
                }

                return records;
            }
            catch (SqliteException error)
            {
                throw Explain(_path, error);
            }
        }
    }

    /// <inheritdoc/>
    public void Commit(IReadOnlyList<JournalRecord> batch)
    {
        if (batch.Count == 0)
        {
            return;
        }

        lock (_gate)
        {
            try
            {
                using var transaction = _connection.BeginTransaction();
                for (var i = 0; i < batch.Count; i++)
                {
                    Write(transaction, batch[i]);
                }

                transaction.Commit();
            }
            catch (SqliteException error)
            {
                throw Explain(_path, error);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            _put.Dispose();
            _delete.Dispose();
            _connection.Dispose();
            _lock.Dispose();
        }
    }

    private void Write(SqliteTransaction transaction, JournalRecord record)
    {
        var command = record.Value is null ? _delete : _put;
        command.Transaction = transaction;
        command.Parameters["$area"].Value = record.Area;
        command.Parameters["$key"].Value = record.Key;
        if (record.Value is not null)
        {
            command.Parameters["$value"].Value = record.Value;
        }

        command.ExecuteNonQuery();
    }

    private SqliteCommand Prepare(string text)
    {
        var command = _connection.CreateCommand();
        command.CommandText = text;
        command.Parameters.Add("$area", SqliteType.Text);
        command.Parameters.Add("$key", SqliteType.Text);
        if (text.Contains("$value", StringComparison.Ordinal))
        {
            command.Parameters.Add("$value", SqliteType.Blob);
        }

        return command;
    }

    private static FileStream Lock(string folder)
    {
        try
        {
            return new FileStream(Path.Combine(folder, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException error) when (error is not DirectoryNotFoundException && File.Exists(Path.Combine(folder, "lock")) && error.HResult is 11 or -2147024864)
        {
            throw new JournalException($"The data folder {folder} is in use by another process: stop it, or give this one a folder of its own (--work_dir).", error);
        }
    }

    private static void Check(SqliteConnection connection, string path)
    {
        if (Scalar(connection, "PRAGMA quick_check(1)") is not "ok" and var problem)
        {
            throw new JournalException($"The journal {path} is damaged ({problem}). Restore it from a backup, or move it away to start empty; running tasks are then unknown.");
        }

        var version = Scalar(connection, "PRAGMA user_version") is long stored ? stored : 0;
        if (version > SchemaVersion)
        {
            throw new JournalException($"The journal {path} was written by a newer version (format {version}, this one knows {SchemaVersion}): run that version, or move the file away.");
        }

        Execute(connection, $"BEGIN IMMEDIATE; CREATE TABLE IF NOT EXISTS record (area TEXT NOT NULL, key TEXT NOT NULL, value BLOB NOT NULL, PRIMARY KEY (area, key)) WITHOUT ROWID; PRAGMA user_version = {SchemaVersion}; COMMIT");
    }

    private static JournalException Explain(string path, Exception error)
    {
        var remedy = error switch
        {
            SqliteException { SqliteErrorCode: 13 } => "The disk is full: free some space and start again.",
            SqliteException { SqliteErrorCode: 11 or 26 } => "The file is damaged or not a journal: restore it from a backup, or move it away to start empty; running tasks are then unknown.",
            SqliteException { SqliteErrorCode: 5 or 6 } => "Another program has it open: close that program and start again.",
            SqliteException { SqliteErrorCode: 8 or 14 or 3 } or UnauthorizedAccessException => "It cannot be written: check the owner and mode of the folder and that its file system is not read-only.",
            SqliteException { SqliteErrorCode: 10 } => "The disk reports an error, or is full: check its space and the kernel's log.",
            IOException => "Check the space, owner and mode of the folder.",
            _ => "Check the folder.",
        };
        return new JournalException($"The journal {path} cannot be used: {error.Message} {remedy}", error);
    }

    private static object? Scalar(SqliteConnection connection, string text)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Constant texts of this file.
        command.CommandText = text;
#pragma warning restore CA2100
        return command.ExecuteScalar();
    }

    private static void Execute(SqliteConnection connection, string text)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Constant texts of this file.
        command.CommandText = text;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }
}
