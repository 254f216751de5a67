package org.pairspan.kms.journal;

import com.typesafe.config.Config;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;

/** One kind of database a journal can be in. */
interface Database {

    /** Makes what must be there before a connection can be. */
    void prepare() throws IOException;

    /** A new connection. */
    Connection connect() throws SQLException;

    /** Lets what this connection does from now on take minutes, as a search through the whole journal may. */
    void allowTime(Connection connection) throws SQLException;

    /** Begins what excludes other servers until the transaction of this connection ends; the connection commits by itself no more. */
    void beginAlone(Connection connection) throws SQLException;

    /** Folder of the migrations, on the class path beside this class. */
    String migrations();

    /** Number of the newest migration. */
    int newestVersion();

    /** What Pekko Persistence must know to use it. */
    Config pekkoConfig();

    /** Name of the setting that says where it is. */
    String setting();

    /** What the setting holds. */
    String shown();
}
